"""Small pages on which the behaviours are tried, with the real frame and scripts."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.urls import include, path

from huiyin.base.refusal import Refusal

saved: list[dict] = []
answers = {"status": 200}

INTAKE = """{% extends "shell/desk.html" %}{% block content %}
<form method="post" data-behaviour="autosave" data-save-url="/try/save/">{% csrf_token %}
<label for="said">说了什么</label><textarea id="said" name="said"></textarea>
<label for="kind">是什么事</label><div class="combo" data-behaviour="typeahead" data-url="/try/find/"><select id="kind" name="kind"><option value=""></option><option value="k1">电梯停运</option></select></div>
<span class="count" data-behaviour="stepper"><button data-step="-1" aria-label="减一人">−</button><input class="in" aria-label="几人" name="people" type="number" min="1" max="3" value="2"><button data-step="1" aria-label="加一人">+</button></span>
<p class="saved" data-saved><span data-saved-text></span></p><button hx-post="/try/refuse/" type="button" id="refuse">办结</button></form>{% endblock %}"""

LIST = """{% extends "shell/desk.html" %}{% block main %}<main id="main" class="work"><h1 class="vh">事项</h1><div class="split" data-behaviour="preview" data-target="#peek">
<section class="sheet"><form><input type="checkbox" aria-label="全选" data-behaviour="select-all" data-of="number"><p data-bulk hidden>已选 <b data-bulk-count></b> 件</p><table data-behaviour="keys"><tbody>{% for n in "123" %}<tr data-href="/try/row/{{ n }}/" data-preview="/try/row/{{ n }}/"><td class="c-x"><input type="checkbox" name="number" value="{{ n }}" aria-label="选择 {{ n }}"></td><td>第 {{ n }} 件</td></tr>{% endfor %}</tbody></table></form></section>
<aside class="peek" id="peek"></aside></div></main>{% endblock %}"""


def show(source: str):
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(engines["django"].from_string(source).render({}, request))

    return view


def save(request: HttpRequest) -> HttpResponse:
    if answers["status"] == 200:
        saved.append(request.POST.dict())
    return JsonResponse({"url": "/try/save/again/"}, status=answers["status"])


def find(request: HttpRequest) -> HttpResponse:
    known = [
        {
            "value": "k2",
            "label": "电梯困人",
            "path": "突发",
            "unit": "物业办",
            "limit": "立即",
            "now": True,
            "mark": [0, 2],
        },
        {
            "value": "k3",
            "label": "加装电梯纠纷",
            "path": "住房",
            "unit": "城建办",
            "limit": "5 个工作日",
            "mark": [2, 4],
        },
    ]
    return JsonResponse({"results": known if request.GET["q"] == "dianti" else []})


def row(request: HttpRequest, n: int) -> HttpResponse:
    return HttpResponse(f"<p>这是第 {n} 件</p>")


def refuse(request: HttpRequest) -> HttpResponse:
    raise Refusal("还不能办结：答复没有送达。", missing=("有反馈",))


urlpatterns = [
    path("", include("huiyin.shell.urls")),
    path("try/intake/", show(INTAKE)),
    path("try/list/", show(LIST)),
    path("try/save/", save),
    path("try/save/again/", save),
    path("try/find/", find),
    path("try/row/<int:n>/", row),
    path("try/refuse/", refuse),
]
