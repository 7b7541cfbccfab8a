"""What every parser of ours owes its caller: a value, or a ValueError whose message is one short line."""

LONGEST = 400
"""Characters of a message that still fits a line of a report."""


def value_or_fault(read, *arguments):
    """What `read` gives, or its ValueError after a look at the message; any other exception fails the test."""
    try:
        return read(*arguments)
    except ValueError as error:
        message = str(error)
        assert message
        assert message.isprintable(), repr(message)
        assert len(message) <= LONGEST
        return error
