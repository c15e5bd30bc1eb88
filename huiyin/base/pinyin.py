"""Sort and search keys for Chinese names: full pinyin and initials."""


def pinyin_keys(text: str) -> tuple[str, str]:
    """('liuwanshequ', 'lwsq') for 柳湾社区; letters and digits pass through in lower case."""
    from pypinyin import Style, lazy_pinyin  # its dictionaries take half a second: read when a name is kept

    full = "".join(lazy_pinyin(text)).lower().replace(" ", "")
    initials = "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower().replace(" ", "")
    return full[:200], initials[:100]


class PinyinKeys:
    """Mixin: keeps `pinyin` and `initials` in step with `name`."""

    def fill_pinyin(self):
        self.pinyin, self.initials = pinyin_keys(self.name)

    def save(self, *args, **kwargs):
        self.fill_pinyin()
        super().save(*args, **kwargs)
