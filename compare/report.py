"""report.html"""


def page(found):
    return ""
