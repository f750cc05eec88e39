# Fixed words for messages of crisis. Changes need a clinician's review.

crisis = I'm glad you said it.
    .program = I'm a program and can't keep you safe. A person can, right now.
    .danger_from_others = I'm glad you said it. What someone does to you is not your fault.
    .who_is_safe = Who is safe to tell?
    .stay = Stay here and ground
    .misread = You misread me
    .misread_answer = I may have read that wrong. The numbers and buttons stay here if you want them.
    .again = I read that. The numbers above are still there, and so is this button.
    .soft = That sounds really hard.
    .soft_program = I'm a program. Would one of these help?
    .third_party = Worrying about someone is hard to carry.
    .third_party_program = I'm a program. If they may be in danger right now, call the emergency number where they are. You can also call a helpline for advice yourself.
    .private_offer = You wrote to me in a channel. I answer here, where only you can read it. I'm a program. Would one of these help?
    .late = You wrote something I could not answer before. Here is help now.
