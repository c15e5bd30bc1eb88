"""任务清单: what is owed with its four specifics, overdue ones by community and department."""

from django.urls import path
from django.views.decorators.http import require_safe

from huiyin.rectification import specifics
from huiyin.rectification.views.frame import READERS, chips, page
from huiyin.shell.access import staff

VIEWS = [("", "超期的"), ("all", "全部没完成"), ("mine", "我的")]


@staff(roles=READERS)
@require_safe
def tasks(request):
    """GET: measures and tasks of plans; ?unit= and ?community= narrow the list."""
    view, unit, community = (request.GET.get(name, "")[:40] for name in ("view", "unit", "community"))
    rows, more = specifics.rows(
        request.user, unit=unit, community=community, only_overdue=view == "", mine=view == "mine"
    )
    context = {
        "rows": rows,
        "more": more,
        "units": specifics.by_unit(request.user),
        "communities": specifics.by_community(request.user),
        "views": chips("desk_specifics", VIEWS, view, "view", unit=unit, community=community),
        "unit": unit,
        "community": community,
        "view": view,
    }
    return page(request, "specifics.html", "specifics", context)


urlpatterns = [path("rectification/tasks/", tasks, name="desk_specifics")]
