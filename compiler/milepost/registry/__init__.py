"""Registry access: the spec and registries in, ``images.lock.yaml`` out, what stands behind each version today.

The only part beside ``publish`` that talks to a network, and only when asked by name: compile reads the lock file.
"""

from milepost.registry.client import RegistryClient
from milepost.registry.credentials import Credentials, CredentialsError
from milepost.registry.frozen import frozen
from milepost.registry.http import HttpPool
from milepost.registry.lock import lock
from milepost.registry.lock_file import lock_text, write_lock
from milepost.registry.sweep import UNKNOWN
from milepost.registry.verify import verify

__all__ = [
    "UNKNOWN",
    "Credentials",
    "CredentialsError",
    "HttpPool",
    "RegistryClient",
    "frozen",
    "lock",
    "lock_text",
    "verify",
    "write_lock",
]
