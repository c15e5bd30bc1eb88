"""How a message leaves the house: one function for each transport, all with the same shape.

carry(sender, delivery) returns nothing and raises `Failed` with an honest reason.
"""

from huiyin.notices.transports.wire import Failed

__all__ = ["Failed", "carry"]


def carry(sender, delivery) -> None:
    """Send `delivery` over the network. Raises Failed; whatever else goes wrong is told as such."""
    from huiyin.notices.models import Transport
    from huiyin.notices.transports import mail, robots, sms

    ways = {
        Transport.MAIL: mail.carry,
        Transport.WECOM: robots.wecom,
        Transport.DINGTALK: robots.dingtalk,
        Transport.HOOK: robots.hook,
        Transport.SMS: sms.carry,
    }
    ways[Transport(sender.transport)](sender, delivery)
