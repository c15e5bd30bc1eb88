"""Which office a visitor without an account has come to."""

from django.http import HttpRequest

from huiyin.accounts.models import Office
from huiyin.base.refusal import Refusal

NOT_OPENED = 503
OPENING_WORDS = (
    "安装的人：启动程序时屏幕上印有“开办地址”，数据目录里的 first-administrator.txt 也写着；"
    "打开它，设第一位系统管理员，再照着开办步骤往下做。"
)


def current(request: HttpRequest) -> Office:
    """The office that the public doors speak for: the only or first one of the installation."""
    office = getattr(request, "public_office", None)
    if office is None:
        office = Office.objects.order_by("code").first()
        if office is None:
            raise Refusal(
                "这套系统刚装好，还没有开办：街道、片区和人员都还没有录入，所以现在不能登记，也查不到事情。",
                status=NOT_OPENED,
                missing=("居民：请先直接打电话或到街道办事处反映。", OPENING_WORDS),
            )
        request.public_office = office
    return office
