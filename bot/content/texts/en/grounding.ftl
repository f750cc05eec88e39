# Choosing and doing an exercise.

selector = What is it like right now?
    .too_much = Too much
    .too_far_away = Too far away
    .stuck_in_a_memory = Stuck in a memory
    .cant_sleep = Can't sleep
    .strong_urge = Strong urge
    .where = Where would you like to begin?
    .eyes = Eyes on the room
    .hands_or_feet = Hands or feet
    .breath = Breath
    .words = Words
    .stop = Stop

practice =
    .start = Start
    .next = Next
    .gentler = Something gentler
    .stop = Stop
    .skip = Skip
    .feet_first = Far away or unreal? Feet first
    .place = { $name } ({ $step } of { $steps })
    .seconds = { $seconds ->
        [one] About { $seconds } second.
       *[other] About { $seconds } seconds.
    }
    .length = { $minutes ->
        [0] less than a minute
        [one] about { $minutes } minute
       *[other] about { $minutes } minutes
    }
    .unknown = I don't have that exercise. Pick one here, or from the list while you type.
    .another_kind = Something different
    .person = A person

rating = How strong now, 0-10? Or skip
    .after = How is it now, 0 to 10? You can skip.
    .pick = Pick a number
    .n0 = 0 Calm, at ease
    .n1 = 1 Okay
    .n2 = 2 A little off, easy to carry
    .n3 = 3 Bothered, still getting on with things
    .n4 = 4 Upset, hard to ignore, coping
    .n5 = 5 Uncomfortable, coping with effort
    .n6 = 6 Feels bad, want to do something about it
    .n7 = 7 Hard to hold on, thoughts crowd in
    .n8 = 8 Very hard, losing focus
    .n9 = 9 Desperate, scared of what I might do
    .n10 = 10 As bad as it gets, can't cope alone
    .easier = Thanks for saying so. This is here whenever you want it.
    .skipped = That's fine. This is here whenever you want it.
    .not_easier = Thanks for saying so. That one didn't help today. Something different, or a person?
    .help = Thanks for saying so. That is a lot to carry alone.
    .go_on = Go on with the exercise

person = Is there someone you could write to or sit with? A few words are enough: "Can you stay with me for a bit?"
