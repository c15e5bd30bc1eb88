"""Early signs: followed up by their rhythm, the level set as things go."""

from huiyin.cases import early_signs
from huiyin.cases.moving import move


class Watching:
    def follow_up(self, *, by, text: str, how: str = "phone"):
        """Spoke with the person or those around; the next day of contact is set by the level."""
        with move(self, "follow_up", by) as step:
            sign = self.early_sign
            sign.refresh_from_db()
            sign.next_on = early_signs.next_day(self, sign.level)
            sign.missed, sign.warned_on = 0, None
            sign.save(update_fields=["next_on", "missed", "warned_on"])
            if self.first_contact_at is None:
                self.first_contact_at = step.at
            step.say(text.strip(), how=how, level=sign.level, next_on=str(sign.next_on))

    def relevel(self, *, by, level: str, reason: str):
        """Graver or lighter than it was taken for: the rhythm of contact follows."""
        with move(self, "relevel", by) as step:
            sign = self.early_sign
            sign.refresh_from_db()
            old, row = sign.level, early_signs.level_of(self, level)
            sign.level, sign.next_on = level, early_signs.next_day(self, level)
            sign.save(update_fields=["level", "next_on"])
            step.say(
                reason.strip(),
                old=early_signs.level_of(self, old)["name"],
                new=row["name"],
                next_on=str(sign.next_on),
            )
