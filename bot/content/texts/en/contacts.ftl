# Designated contacts: a person whom the client chose to be told, from both sides.

contacts = Your person
    .none = You have not chosen a person yet. This is somebody I can write to when you are in danger.
    .limits = For now it is one person. They only ever get a message here. I can't call anyone.
    .how = To ask someone, type /contacts again and fill in both: your word for the person, and your name as they know you. I then give you a code to pass on.
    .both_needed = I need both: your word for the person, and your name as they know you.
    .one_only = You have asked someone already. Remove that person or take the code back first.
    .adults = This is stored, so it is for people who are 18 or older. Exercises and help are for everyone.
    .add = Add a person
    .adult = I am 18 or older
    .line_invited = { $name }: asked. The code works until { $until }.
    .line_waiting = { $name }: said yes. Not reachable yet, until they press the button in my first message.
    .line_open = { $name }: said yes. You have not chosen yet when I may write to them.
    .line_automatically = { $name }: I write to them at once when you write that you are in danger now.
    .line_ask_first_tell = { $name }: I ask you first. If you don't answer within a minute, I tell them.
    .line_ask_first_do_not_tell = { $name }: I ask you first. If you don't answer within a minute, I don't tell them.
    .line_only_when_i_press = { $name }: I tell them only when you press the button.
    .change = Choose when I write
    .remove = Remove { $name }
    .for_others = You are a contact for { $name }.
    .leave = Stop being a contact for { $name }
    .code = A code for { $name }: { $code }
    .code_until = It works once, until { $until }. Nothing happens before they say yes.
    .pass_on_first = Send them this in a way you both trust:
    .pass_on =
        { $name } would like to be able to reach you through Handrail, a program on Discord, in a very hard moment.
        1. Open { $url } and choose to add it to your own apps.
        2. Open a direct message with Handrail.
        3. Type /join and then { $code }
        You will read what it means before you say yes. You may say no. The code works once, for three days.
    .revoke = Take the code back
    .revoked = The code for { $name } does not work any more.
    .not_revoked = That code was used, had run out or was taken back already.
    .danger_question = Could { $name } ever be the danger to you? If you are not sure, yes is the safer answer.
    .danger_yes = Yes, or not sure
    .danger_no = No
    .when_question = When may I write to { $name }? By choosing, you agree that I keep your choice, and when they were told. I never pass on what you write. You can change this at any time.
    .when_automatically = At once, when I read that I'm in danger
    .when_ask_first = Ask me first
    .when_only_when_i_press = Only when I press
    .silence_question = If you don't answer me within a minute, what should I do?
    .silence_tell = Tell { $name }
    .silence_do_not_tell = Don't tell { $name }
    .chosen = That is how I will do it.
    .not_reachable = { $name } has not pressed the button in my first message yet. Until then I can tell them only when you press.
    .danger_kept = You said that this person could be the danger. So I tell them only when you press.
    .removed = I have removed { $name }. I will not write to them about you any more, and I tell them that.
    .gone = That has ended already. Nothing has changed.

contact_invitation = { $name } asks you to be a person I can tell when they are in danger.
    .what = If that happens, you get a message from me: that it is { $name }, when it was, and that you could call them. I never say what they wrote.
    .limits = I am a program and not an emergency service. Nobody watches over this, and I can't promise that a message arrives. You don't have to be there. You may say no, now or at any time.
    .stored = I keep your Discord id, the name { $name } gave you, and your answers to my messages. Discord can see our messages. /privacy shows and deletes what I keep.
    .run_by = This bot is run by: { $run_by }
    .adult_no = I am 18 or older: no
    .adult_yes = I am 18 or older: yes
    .agree = I agree
    .refuse = No, thanks
    .adult_missing = To say yes, press the button that says you are 18 or older first.
    .refused = That is fine. You will get no messages from me about this, and I tell { $name } only that the answer is no.
    .agreed = Thank you. I send you one more message now. Please press the button in it, so that I know my messages reach you.
    .closed = That code was used, has run out or was taken back.

contact_hello = Hello. You agreed to be a contact for { $name }. This is how a message from me arrives.
    .arrived = It arrived
    .leave = Stop being a contact
    .thanks = Thank you. Now I know that I can reach you. If { $name } is in danger and wants you told, I write to you here. You can stop at any time with /contacts.
    .left = You are not a contact for { $name } any more. I will not write to you about them, and I tell them that. If you are worried about them now, call them.

contact_notice =
    .first = A note about the person you chose.
    .accepted = { $name } said yes. I can reach them once they press the button in my first message to them.
    .undelivered = { $name } said yes, but my first message did not reach them. They can add me to their own apps and let me write to them. Then remove them in /contacts and ask again with a new code.
    .refused = { $name } said no. That happens, and it is fine. You can ask someone else with /contacts.
    .reachable = My messages reach { $name } now.
    .left = { $name } is not your contact any more, so I can't tell them. You can ask someone else with /contacts. Help now shows numbers that are there for you.
    .removed = { $name } does not need you as a contact here any more. I will not write to you about them again. Thank you for having been there.
