"""How the fuzz targets run, whether libFuzzer calls them or fuzz/replay.c."""

# Bytes of the longest input. What is not listed has 256.
_LENGTHS = {"access_log": 768, "event": 4096, "fastcgi": 1024, "cgi": 1024, "runtime": 1024, "api": 512, "json_read": 512, "media_type": 96,
            "number": 64, "base64": 96, "url": 128}
ASAN = ("quarantine_size_mb=1:malloc_context_size=5"  # fast, and still with a stack to read
        ":allocator_may_return_null=1:max_allocation_size_mb=256")  # libfcgi asks for what a peer says


def max_len(name):
    """The bytes of a target's longest input."""
    return _LENGTHS.get(name, 256)
