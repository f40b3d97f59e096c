"""Sheets in, a tree on disk out: objects become bytes, are checked on the way, and reach the disk whole or not at all."""
