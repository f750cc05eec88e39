# The row of buttons that is always there, in this order, and the words for plain messages.

row = I'm here. Pick one, or just leave it.
    .ground = Ground me
    .breathe = Breathe
    .help = Help now

welcome = I'm Handrail, a program with grounding exercises and helplines. I am not a person, not a therapist and not an emergency service, and nobody reads along.
    .no_answer = If I don't answer: call your local emergency number, or find a helpline at https://findahelpline.com

media = I can't hear or see that. You can type a few words, or pick one of these.

mention = I answer in private. Press the button and only you will see it.
    .open = Open

old_button = That button is from an earlier version of me. These work:

failed = Something went wrong on my side. Help now still works.

stop = That's fine. Stopping is part of taking care.
    .words = stop

help_words = help | help me | help now
