"""The programs that the comparison starts end with it, even where it is killed and can end nothing itself."""


def command(*arguments):
    """Return the command that lets the kernel end a program with this process. setpriv becomes the program, which keeps its pid."""
    return ["setpriv", "--pdeathsig", "TERM", "--", *arguments]
