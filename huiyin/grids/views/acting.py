"""One change by a form: done and back to where it shows, or the page again with the reason and what was typed."""

from django.contrib import messages
from django.http import HttpResponseRedirect

from huiyin.base.refusal import Refusal


def act(request, form, do, done, address, again):
    """`do()` makes the change, `done(result)` says so, `address(result)` is where to go; `again(form, status)`
    draws the page with the form that was refused."""
    status = 400
    if form.is_valid():
        try:
            result = do()
            messages.success(request, done(result))
            return HttpResponseRedirect(address(result))
        except Refusal as refusal:
            for name, words in refusal.errors.items():
                if name in form.fields:
                    form.add_error(name, words)
            form.add_error(None, refusal.message)
            status = refusal.status
    return again(form, status)
