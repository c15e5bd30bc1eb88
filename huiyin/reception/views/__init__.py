"""Pages of the reception room, one module a tab."""

from huiyin.reception.views import catalogue, directives, hotline, thanks, tipoffs

__all__ = ["catalogue", "directives", "hotline", "thanks", "tipoffs"]
