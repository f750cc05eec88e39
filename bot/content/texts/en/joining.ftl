# What an invited person reads before saying yes, and the first message after it.

join =
    .unknown = I don't know that code. It may have run out or been used. Check each letter, or ask for a new one.
    .own = This is your own code. It is for the person you invite.
    .used_by_you = You have used this code already. Look for my message to you, with a button to press.
    .linked = You and { $name } are linked already.
    .too_many = That was a few codes that I don't know. You can try again { $again } at the latest. The code is not lost.
    .not_here = I can't take this kind of code yet.
    .invites = { $name } invites you, as someone they support.
    .shared = If you join, { $name } learns that you joined and whether my first message reached you. They may ask to send you check-ins: short messages from me, at times you agree to first.
    .not_shared = They never see what you write to me, which exercises you do, or your hard moments.
    .choose_check_ins = Check-ins: I may write to you at the times you agree to.
    .choose_view = Numbers: { $name } sees how many check-ins arrived and how many you answered, not what you answered.
    .for_all = A yes counts for every therapist you are linked with here.
    .already_check_ins = You have said yes to check-ins before, and that still counts.
    .already_view = You have said yes to numbers before, so { $name } sees them too. You can take that back in /privacy.
    .run_by = Who runs this bot: { $run_by }
    .run_by_nobody = Who runs this bot: they have not said. Ask before you join.
    .discord = Discord can read all messages here. Nobody watches them. I am a program, not a therapist and not an emergency service.
    .take_back = You can take back each yes, leave, or erase everything at any time with /privacy.
    .check_ins_yes = Check-ins: yes
    .check_ins_no = Check-ins: no
    .view_yes = Numbers: yes
    .view_no = Numbers: no
    .adult_yes = I am 18 or over: yes
    .adult_no = I am 18 or over: no
    .join = Join
    .decline = No, thanks
    .declined = That's fine. You have not joined, and they are not told. If you change your mind, the code works until it runs out.
    .missing_adult = Joining is only for people who are 18 or over. If you are, press that button first.
    .missing_check_ins = To join, say yes to check-ins first. You still choose each time yourself.
    .joined = You have joined { $name }. I have sent you one more message. Press its button, so that I know my messages reach you.
    .sent_again = I have sent it again. If nothing comes, allow direct messages from apps in your Discord settings, then press the button once more.
    .again = Nothing came, send it again

hello = A note you asked for.
    .press = Can you read this? Press the button, so that I know my messages reach you.
    .arrived = It arrived
    .thanks = Thanks, my messages reach you. { $name } can now ask you about check-ins, and none comes before you say yes.
    .stop = You can leave at any time, here or in /privacy.
    .leave = Leave
    .ended = This link has ended. Nothing more will come.

join_notice =
    .joined = { $label } has joined. Not reachable yet, until they press the button in my first message to them.
    .reached = { $label } has pressed the button. My messages reach them, and you can plan check-ins.
    .undelivered = { $label } has joined, but my first message to them could not be delivered. Ask them to allow direct messages from apps in Discord, then to press the button where they joined.
