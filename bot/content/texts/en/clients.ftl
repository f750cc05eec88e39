# What therapists see of their clients, and what both are told when a link ends.

client =
    .needs_words = Give a word for the client and the name the client will see.
    .label_taken = You already use the word { $label } for someone. Choose another, so that you can tell them apart.
    .invited = A code for { $label }: { $code }
    .invited_until = It works once, until { $until }. Nothing happens before they say yes.
    .invited_pass_on = Send them this in a way you both trust:
    .pass_on =
        { $name } invites you to Handrail, a program on Discord with exercises, helplines and check-ins.
        1. Open { $url } and choose to add it to your own apps.
        2. Open a direct message with Handrail.
        3. Type /join and then { $code }
        You will read what it means before you say yes. The code works once, for three days.
    .revoke = Take the code back
    .revoked = The code for { $label } does not work any more.
    .not_revoked = That code was used, had run out or was taken back already.
    .unknown = I don't know that client. Pick one from the list while you type.
    .none = You have no clients here yet. Start with /client invite.
    .open = My clients
    .heading = Your clients:
    .line_invited = { $label }: invited. The code works until { $until }.
    .line_not_reachable = { $label }: said yes. Not reachable yet, until they press the button in my first message.
    .line_linked = { $label }: linked since { $since }.
    .line_undelivered = { $label }: linked, but my messages do not reach them now.
    .line_ended = { $label }: ended { $ended }.
    .revoke_menu = Take back a code
    .earlier = Back
    .more = More
    .viewed = { $label }, the last 4 weeks:
    .view_hidden = { $label } does not share whether check-ins arrive or are answered.
    .count_sent = Check-ins sent: { $count }
    .count_answered = Answered: { $count }
    .count_not_answered = Not answered so far: { $count }
    .count_undelivered = Could not be delivered: { $count }
    .count_missed = Missed, because I was not running in time: { $count }
    .count_unsure = May or may not have arrived: { $count }
    .view_limits = You see these numbers only. I show nothing about hard moments, and nothing that anyone wrote or answered. I am not a way to know how someone is.
    .end_question = End the link with { $label }? All check-ins stop. I tell them once, with your name and where help is.
    .end_yes = Yes, end it
    .keep = Keep it
    .kept = Nothing has changed.
    .ended = The link with { $label } has ended. Check-ins have stopped, and I tell them.
    .ended_already = That link has ended already.
    .leave_question = Leave { $name }? All check-ins from them stop. I tell them that you left, and no reason.
    .leave_yes = Yes, leave
    .left = You have left { $name }. Check-ins from them have stopped.

link_notice =
    .first = A note you asked for.
    .ended_by_therapist = { $name } has ended your link here. No more check-ins will come from them.
    .therapist_gone = { $name } is no longer a therapist here. No more check-ins will come from them.
    .what_now = This is not about anything you did here. If you want to know more, ask them the way you usually do. Exercises and help still work, and /privacy shows what is stored.
    .client_left = A link has ended: { $label } has left. Their check-ins have stopped.
