"""Instead of the community's hook, which brings number ranges of all the world: only a check digit is used."""

datas: list[tuple[str, str]] = []
