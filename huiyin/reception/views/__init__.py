"""Pages of the reception room, one module a tab."""

from huiyin.reception.views import directives, hotline, services, thanks, tipoffs

__all__ = ["directives", "hotline", "services", "thanks", "tipoffs"]
