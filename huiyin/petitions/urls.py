"""Petitions by law: purpose, objections, opinions, review and re-review; suggestions. Addresses below /desk/."""

from huiyin.petitions.views import ledger, report

urlpatterns = [*ledger.urlpatterns, *report.urlpatterns]
