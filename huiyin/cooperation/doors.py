"""Where this room shows itself on pages of others."""


def put_up():
    """Called once, when the room is ready."""
