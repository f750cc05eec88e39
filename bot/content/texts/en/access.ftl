# Who may do what, said kindly. Used by every feature that stores something.

access =
    .therapists_only = This is for therapists here. Whoever runs this bot can add you.
    .only_in_dm = This works only in a direct message with me, where nobody else can read it. Open one and type the command there.
    .not_for_you = This button is for somebody else. Nothing has changed.
