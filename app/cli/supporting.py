"""The command that writes the file for whoever helps."""

from argparse import Namespace

from app.cli.answers import Answer
from app.core.clock import Clock
from app.core.files import check_target


def support(args: Namespace, clock: Clock) -> Answer:
    """Write versions, the state of the ledger and the log into a small file without anybody's name."""
    from app.tasks.support import write_support

    check_target(args.out, ".zip", sources=(args.db,))
    written = write_support(args.out, path=args.db, clock=clock)
    plain = {"file": str(written.path), "size": written.size, "logs": written.logs}
    size = max(written.size // 1024, 1)
    words = f"支持文件已写好，读回核对过：{written.path.name}，{size} KB，运行记录 {written.logs} 个。没有姓名和号码。"
    return Answer(plain, notes=[words])
