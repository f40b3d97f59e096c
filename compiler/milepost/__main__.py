"""``python -m milepost``."""

from milepost.cli.main import main

if __name__ == "__main__":
    main()
