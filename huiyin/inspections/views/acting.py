"""One way for every form of this room: do the act and go on, or show the page again with all that was typed and sent."""

from django.contrib import messages
from django.http import HttpResponseRedirect

from huiyin.base.ids import uuid7
from huiyin.base.refusal import Refusal
from huiyin.cases.attachments import store
from huiyin.cases.models import Attachment

MOST_PICTURES = 6


class Pictures:
    """Uploads of one form by name: stored as they come, kept by id when the form has to be sent once more."""

    def __init__(self, request, *names: str):
        self.request = request
        self.kept = {name: self._kept(name) for name in names}

    def _kept(self, name: str) -> list[Attachment]:
        ids = [value for value in self.request.POST.getlist(f"kept_{name}") if len(value) == 36][
            :MOST_PICTURES
        ]
        try:
            return list(Attachment.objects.filter(pk__in=ids, case=None, uploaded_by=self.request.user))
        except (ValueError, TypeError):
            return []

    def take(self) -> "Pictures":
        """Store what came; raises Refusal 400 for what is no picture or PDF."""
        for name, rows in self.kept.items():
            files = self.request.FILES.getlist(name)
            if len(files) + len(rows) > MOST_PICTURES:
                raise Refusal(f"一次最多 {MOST_PICTURES} 张。", status=400, errors={name: "太多了"})
            for file in files:
                try:
                    rows.append(store(file, self.request.user.office, by=self.request.user))
                except Refusal as refusal:
                    refusal.errors = {name: refusal.message}
                    raise
        return self

    def __getitem__(self, name: str) -> list[Attachment]:
        return self.kept[name]


def fresh_key() -> str:
    return str(uuid7())


def act(request, form, doing, said: str, goal, again):
    """`doing(**cleaned)` → redirect to `goal` (an address, or a function of what came back); else `again(form, status)`."""
    status = 400
    if form.is_valid():
        try:
            given = {name: value for name, value in form.cleaned_data.items() if name != "key"}
            made = doing(**given)
            messages.success(request, said)
            return HttpResponseRedirect(goal(made) if callable(goal) else goal)
        except Refusal as refusal:
            place = next((name for name in refusal.errors or {} if name in form.fields), None)
            form.add_error(place, refusal.message)
            status = refusal.status
    return again(form, status)


def paged(rows, request, *, size: int = 50):
    """(one page in falling order of the key, the key to go on with or ''). `rows` not ordered yet."""
    after = request.GET.get("after", "")
    if len(after) == 36:
        rows = rows.filter(pk__lt=after)
    found = list(rows.order_by("-pk")[: size + 1])
    return found[:size], str(found[size - 1].pk) if len(found) > size else ""
