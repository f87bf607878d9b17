"""How long what is no record is kept: traces of signing in, mails that went out, notices, answers to repeated requests.

Records, texts, proposals, comments, decisions, editions, people, and what somebody is still writing have no period:
they are kept for ever.
"""

from datetime import timedelta

KEPT_ANSWER = timedelta(days=30)
"""The answer under an Idempotency-Key; sent again after that, a request is a new one."""

SIGN_IN_REQUEST = timedelta(days=1)
"""That somebody asked for a link, and the mail that carried it; and that a password was tried."""

LINK_AFTER_ITS_END = timedelta(days=7)
"""A one-time link that was used or is over."""

MAIL = timedelta(days=90)
"""A mail that went out or was given up; the same for mails that became files."""

INVITATION_LINK = timedelta(days=90)
"""The links of an invitation that was accepted, taken back or is over. The invitation itself is kept."""

READ_NOTICE = timedelta(days=365)
"""A notice, from when it was read."""

UNREAD_NOTICE = timedelta(days=730)
"""A notice that nobody has read."""
