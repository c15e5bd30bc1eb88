"""Who plays whom: finds the user, unit, grid or place that a story names."""

from huiyin.accounts.models import User
from huiyin.areas.models import Area, AreaKind
from huiyin.cases.workflow import MOVES, RESIDENT
from huiyin.demo.scripts import Step, Story, Timetable
from huiyin.orgs.models import Organisation, Post, Role

DESKS = {
    "visit": "chen.shouli", "call": "wen.xiaoman", "letter": "luo.yifan", "web": "luo.yifan",
    "hotline": "ni.qinghe", "patrol": "dai.changgeng", "directive": "dai.changgeng",
}  # fmt: skip
USUAL = {
    "supervise": "wu.zhengming", "check_progress": "wu.zhengming", "mark_key": "shao.wenpu",
    "decide_extension": "shao.wenpu", "issue_letter": "shao.wenpu", "designate": "shao.wenpu", "redo": "liang.siqi",
}  # fmt: skip
RECEPTION = ["lu.qingyuan", "shen.ruogu", "wen.shixin", "shao.wenpu", "ji.haitang"]
GRID = "@grid"


class Cast:
    """The people and places of the office; `dates` reads the limits that a script sets by hand."""

    def __init__(self, office, dates: Timetable):
        self.office, self.dates = office, dates
        self.users = {user.username: user for user in User.objects.filter(office=office)}
        self.units = {unit.code: unit for unit in Organisation.objects.filter(office=office)}
        spots = Area.objects.filter(office=office, kind=AreaKind.BUILDING).select_related("parent")
        self.spots = sorted(spots, key=lambda area: -len(area.name))

    def user(self, username: str) -> User:
        """A fresh look at the posts each time: they change in the course of the year."""
        user = self.users[username]
        user.__dict__.pop("current_posts", None)
        return user

    def unit(self, code: str) -> Organisation:
        return self.units[code]

    def handler(self, unit: Organisation) -> User:
        """The unit's A 角 (the first in the book), else its head."""
        posts = Post.objects.current().filter(organisation=unit).select_related("user")
        ranks = {Role.HANDLER: 0, Role.STATION: 0, Role.CLERK: 1, Role.UNIT_HEAD: 2}
        rows = sorted(
            posts, key=lambda post: (ranks.get(post.role, 9), "A 角" not in post.title, str(post.pk))
        )
        return self.user(rows[0].user.username)

    def grid_worker(self, area: Area) -> User:
        post = Post.objects.current().filter(area=area, role=Role.GRID_WORKER).select_related("user").first()
        if post is None:
            raise LookupError(f"{area} 没有网格员")
        return self.user(post.user.username)

    def receiver(self, at) -> User:
        """The leader who receives visitors on this weekday."""
        return self.user(RECEPTION[min(at.weekday(), 4)])

    def actor(self, case, story: Story, step: Step) -> User | None:
        """Who makes this move; None is the resident."""
        who = step.who
        if who == RESIDENT:
            return None
        if who == GRID or (not who and step.verb == "verify"):
            return self.grid_worker(case.area)
        if who.startswith("@"):
            return self.user(who[1:])
        if who:
            return self.handler(self.unit(who))
        if MOVES[step.verb].own_unit:
            raise LookupError(f"{step.verb} 要写明哪个单位")
        return self.user(USUAL[step.verb]) if step.verb in USUAL else self.desk(story)

    def desk(self, story: Story) -> User:
        """Whoever sits at the desk of the story's channel."""
        return self.user(DESKS[story.data["channel"]])

    def spot(self, place: str) -> Area | None:
        """The building or place whose name stands in `place`; a compound's name means its first building."""
        names = [area for area in self.spots if area.name in place]
        return names[0] if names else next((area for area in self.spots if area.name == f"{place}1幢"), None)

    def grid(self, short: str) -> Area:
        """'2-05' → the grid."""
        community, number = short.split("-")
        return Area.objects.get(
            office=self.office, code=f"{self.office.code}{int(community):03d}{int(number):03d}"
        )
