# Check-ins as the client gets them. The first words say nothing that a lock screen should not show.

check_in = A note you asked for.
    .template_evening = How was your day? Pick what fits. There is no wrong answer.
    .template_morning = Good morning. How are you starting today? Pick what fits.
    .template_skill = This is the time you set for one small exercise. One minute counts. How is it right now?
    .template_small_step = What is one small thing you could do for yourself today? How is it right now?
    .boundaries = I'm a program. Nobody reads what you type here, and { $name } does not see it. At most, { $name } sees if a note was answered, never which button. This is not an emergency service. To pause or stop: /checkins
    .okay = Okay
    .not_great = Not great
    .need_help = Need help now
    .thanks = Thanks for letting me know.
    .not_great_answer = Thanks for saying so. Would one of these help?
    .gone = I don't have this note any more, so I can't keep your answer. These buttons still help: /ground and /help-now
    .typed = I'm a program. { $name } does not see what you type here.
    .cannot_deliver = A note for { $label } could not be delivered. Their messages may be closed to me. I will try again at the next time you planned. Please tell them another way.

check_in_ask = Something for you to decide. { $name } would like to send you a note, { $when }. The next ones would come:
    .note = The note says:
    .terms = Nothing comes before you accept. No is a fine answer. You can pause or stop at any time with /checkins. Discord can read these notes, and so can anyone who holds your phone. { $name } sees your answer to this question.
    .accept = Accept
    .decline = No, thanks
    .accepted = Thank you. The first note comes { $at }. To pause or stop: /checkins
    .too_late = Thank you. That time has passed, so nothing will come. { $name } can plan a new one.
    .declined = That's fine. Nothing will come. I tell { $name } only that you said no.
    .not_allowed = This can't start now. Either you are no longer linked, or your yes to check-ins was taken back. See /privacy
    .stopped = A small change: { $name } has stopped the notes that came { $when }. You don't need to do anything. /ground and /help-now are here as before.
    .said_yes = { $label } has accepted the check-in { $when }.
    .said_no = { $label } said no, thanks to the check-in { $when }. I don't ask why.
    .undelivered = I could not ask { $label } about the check-in { $when }. Their messages may be closed to me. Please tell them another way.

check_ins = Your notes
    .none = You have no notes planned.
    .more = There are more. Stop some of these to see the others.
    .pick = Pick one to change it
    .line = { $when }, from { $name }: { $state }
    .pause_week = Pause a week
    .pause_open = Pause until I say
    .go_on = Go on
    .stop = Stop
