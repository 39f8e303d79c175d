"""The program tries itself out where it was installed: whether every part came along, by doing its work with each.

For whoever builds it or helps by telephone: ``shouwang --self-test OUT.jsonl``. It works in a folder of its own beside
OUT, on an invented school, and leaves everybody's data alone.
"""
