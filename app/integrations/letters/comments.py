"""What people are told of those who write: comments, replies, invitations."""

from app.integrations.letters.shapes import Plural, Wording

WORDINGS = {
    "comments.written": Wording(
        subject="A comment on your idea “%(title)s”",
        opening=(
            "%(person)s has commented on your idea “%(title)s”.",
            "Your idea “%(title)s” has a new comment.",
        ),
        quote="text",
        action="Read the comment",
        line=("A new comment by %(person)s.", "A new comment."),
        several=Plural("%(count)s new comment.", "%(count)s new comments.", "count"),
    ),
    "comments.replied": Wording(
        subject="A reply to your comment on “%(title)s”",
        opening=(
            "%(person)s has replied to your comment on the idea “%(title)s”.",
            "Your comment on the idea “%(title)s” has a reply.",
        ),
        quote="text",
        action="Read the reply",
        line=("%(person)s has replied to your comment.", "A reply to your comment."),
        several=Plural("%(count)s reply to your comments.", "%(count)s replies to your comments.", "count"),
    ),
    "comments.credited": Wording(
        subject="Your comment changed the idea “%(title)s”",
        opening=("Its author says that your comment changed the idea “%(title)s”. Thank you!",),
        action="See the comment",
        line=("Your comment changed the idea.",),
        several=Plural(
            "%(count)s comment of yours changed the idea.",
            "%(count)s comments of yours changed the idea.",
            "count",
        ),
    ),
    "authorships.invited": Wording(
        subject="An invitation to write an idea together: “%(title)s”",
        opening=(
            "%(person)s invites you to be a co-author of the idea “%(title)s”.",
            "You are invited to be a co-author of the idea “%(title)s”.",
        ),
        quote="text",
        closing=(("You can accept or refuse.",),),
        action="Answer the invitation",
        line=("%(person)s invites you to be a co-author.", "You are invited to be a co-author."),
    ),
    "authorships.answered": Wording(
        subject="Your invitation to “%(title)s” is answered",
        opening=(
            "%(person)s has answered your invitation to write the idea “%(title)s” together.",
            "Your invitation to write the idea “%(title)s” together has been answered.",
        ),
        action="See the idea",
        line=("%(person)s has answered your invitation.", "Your invitation is answered."),
        several=Plural(
            "%(count)s of your invitations is answered.",
            "%(count)s of your invitations are answered.",
            "count",
        ),
    ),
}
"""The wording of each kind."""
