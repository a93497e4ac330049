"""What the chat itself says, apart from the dialogue engine. Swedish first, English second."""

Text = dict[str, str]
"""The same sentence in every interface language: {"sv", "en"}."""

SAVED_FOR_LATER: Text = {
    "sv": "Jag har sparat ditt meddelande och svarar så snart jag kan igen. Just nu har jag svårt att svara. "
    "Är det bråttom kan du ringa 1177, och vid fara för livet 112.",
    "en": "I have saved your message and will answer as soon as I can. Right now I have trouble answering. "
    "If it is urgent, call 1177, and if life is in danger, 112.",
}
NO_ANSWER: Text = {
    "sv": "Förlåt, jag hittade inget svar just nu. Felet är anmält till dem som sköter mig. "
    "Försök gärna igen om en stund. Behöver du råd om din hälsa kan du ringa 1177, och vid fara för livet 112.",
    "en": "I am sorry, I found no answer just now. The fault has been reported to those who look after me. "
    "Please try again in a while. For health advice call 1177, and if life is in danger, 112.",
}
CALLBACK_ASKED: Text = {
    "sv": "Jag har bett mottagningen att ringa upp dig. De ringer så snart de kan, vardagar mellan 8 och 16. "
    "Blir det bråttom innan dess, ring 1177 eller vid fara för livet 112.",
    "en": "I have asked the clinic to call you back. They call as soon as they can, weekdays between 8 and 16. "
    "If it becomes urgent before that, call 1177, or 112 if life is in danger.",
}

NOW_ENGLISH = "You write in English, so I will answer in English."
BACK_TO_SWEDISH = "Tillbaka till svenska"
STILL_HERE: Text = {
    "sv": "Jag är kvar här och läser det du skriver. Det du bär på är tungt, och du ska inte behöva bära det ensam. "
    "Har du någon hos dig nu? Ring 90101, dygnet runt, och 112 om du är i fara.",
    "en": "I am still here and read what you write. What you carry is heavy, and you should not carry it alone. "
    "Is anyone with you now? Call 90101, day or night, and 112 if you are in danger.",
}
"""Said when thoughts of self-harm come back in the same talk, so that the same words are not said twice."""


def in_language(text: Text, language: str) -> str:
    """Return the sentence in the patient's language, Swedish where it is missing."""
    return text.get(language) or text["sv"]
