"""What the administrator types to set up a way out. Address and secret are never shown again."""

from django import forms

from huiyin.notices.models import ROBOTS, Sender, Transport
from huiyin.notices.transports.sms import SAMPLE
from huiyin.orgs.models import Organisation

HELP = {
    Transport.WECOM: "在企业微信群里添加机器人，把它的 Webhook 地址整个贴过来。",
    Transport.DINGTALK: "在钉钉群里添加自定义机器人，安全设置选“加签”，把 Webhook 地址和密钥贴过来。",
    Transport.HOOK: "您自己的系统收消息的网址，格式见 docs/messages.md；填了密钥就带签名。",
    Transport.SMS: "短信网关收请求的网址，用 POST 发 JSON。密钥放在 Authorization: Bearer 里。",
    Transport.MAIL: "邮件服务器由运维在环境变量里设好了，这里只管启用。",
}


class SenderForm(forms.Form):
    """Fields of one transport; what it does not need is not there."""

    name = forms.CharField(label="名称", max_length=40)
    organisation = forms.ModelChoiceField(
        None, label="哪个单位的群", required=False, empty_label="全街道（没有自己的群的单位都用它）"
    )
    url = forms.CharField(label="网址", max_length=1000, required=False)
    secret = forms.CharField(label="密钥", max_length=500, required=False)
    forget_secret = forms.BooleanField(label="去掉原来的密钥", required=False)
    body = forms.CharField(
        label="正文样式", widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}), required=False,
        help_text="JSON，可用 {phone} {text} {key} {code} {number} {occasion} {office}。",
    )  # fmt: skip
    ok = forms.CharField(
        label="成功标志",
        max_length=60,
        required=False,
        help_text="网关回答里表示成功的一项，如 code=0；不填只看状态码。",
    )

    def __init__(self, *args, sender: Sender | None, transport: Transport, office, **kwargs):
        self.sender, self.transport = sender, transport
        initial = {"name": transport.label if transport not in ROBOTS else "", "body": SAMPLE}
        if sender:
            options = {name: sender.options.get(name, "") for name in ("body", "ok")}
            initial = {"name": sender.name, "organisation": sender.organisation_id, **options}
        super().__init__(*args, initial=initial, **kwargs)
        units = Organisation.objects.current().filter(office=office)
        self.fields["organisation"].queryset = units.order_by("kind", "code")
        kept = "已存，不再显示；不填就不变。" if sender else ""
        self.fields["url"].help_text = " ".join(filter(None, [HELP[transport], kept]))
        self.fields["url"].required = sender is None
        self.fields["secret"].help_text = kept if sender and sender.secret else ""
        for name in ("url", "secret"):
            self.fields[name].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}
        for name in self._spare():
            del self.fields[name]

    def _spare(self) -> set[str]:
        spare = set()
        if self.transport not in ROBOTS:
            spare.add("organisation")
        if self.transport != Transport.SMS:
            spare |= {"body", "ok"}
        if self.transport == Transport.WECOM:
            spare |= {"secret", "forget_secret"}
        if self.transport == Transport.MAIL:
            spare |= {"url", "secret", "forget_secret"}
        if not (self.sender and self.sender.secret):
            spare.add("forget_secret")
        return spare

    def arguments(self) -> dict:
        """Keyword arguments of `senders.save`."""
        given = dict(self.cleaned_data)
        options = {name: given.pop(name).strip() for name in ("body", "ok") if name in given}
        return {**given, "options": options}

    def take(self, refusal):
        """A refusal beside its field, or above the form."""
        for name in refusal.errors:
            if name in self.fields:
                self.add_error(name, refusal.message)
                return
        self.add_error(None, refusal.message)
