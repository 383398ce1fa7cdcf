"""How much of what points at a person is found, measured on sentences that are invented."""

from __future__ import annotations

import pytest

from hotspot.disruption.wording import doubts_in

NAME, AGE, KIN = "a person's name", "an age", "a relationship"
TELLING = {
    "Staff member John Smith served a girl aged 14": [AGE, NAME],
    "Staff member Zbyszko Wrona was at the till": [NAME],
    "The manager, Mohammed Iqbal, refused entry to officers": [NAME],
    "Spoke to Priya at the counter about the refusals log": [NAME],
    "Kieran let them in by the back door": [NAME],
    "A 15-year-old was found in the cellar": [AGE],
    "Two girls (14 and 15) were in the bar after midnight": [AGE],
    "The girl, 13, had been there twice before": [AGE],
    "A boy of 12 was sold cigarettes": [AGE],
    "A fourteen year old was served vodka": [AGE],
    "She is 16 yo and looked after": [AGE],
    "Believed to be under the age of 14": [AGE],
    "A 17 yr old was found hiding": [AGE],
    "Her mother reported it the next day": [KIN],
    "The owner's nephew was seen with the girl": [KIN],
    "His older brother works the door": [KIN],
    "He is the uncle of the victim": [KIN],
    "The boyfriend collects her from the rank": [KIN],
    "The suspect's girlfriend rents the flat above": [KIN],
    "The holder is married to the supervisor": [KIN],
    "Son of the licensee opened the side gate": [KIN],
    "Cashier Dominika Pawlak took the money": [NAME],
    "The doorman Tyrone did not ask for proof of age": [NAME],
    "DC Harris took the first account": [NAME],
    "The driver was Usman Khan of the taxi firm": [NAME],
    "Seen leaving with Chloe and Megan": [NAME],
    "A witness, Agnieszka Nowak, gave a statement": [NAME],
    "The victim Ellie was there three times": [NAME],
    "Licensee is Harpreet Singh": [NAME],
    "The girl named Kayleigh told the school": [NAME],
    "Victim known as Tash": [NAME],
    "PCSO O'Brien spoke to the door team": [NAME],
    "The landlord Gwilym Prosser was warned": [NAME],
    "Complaint about Ryan by residents of the flats": [NAME],
    "Their parents were told of the visit": [KIN],
    "Liam's cousin sells from the car park": [KIN, NAME],
    "The child's foster carer rang at 02:00": [KIN],
    "Female aged approx 15 asleep on the sofa": [AGE],
    "An 11-year-old girl bought a knife": [AGE],
    "Mrs Adeyemi of the shop next door": [NAME],
    "Owner Levente Kocsis admitted it": [NAME],
    "He goes by Malik and drives for them": [NAME],
    "Sarah Jane Weston is the key holder": [NAME],
    "It was Jordan Clarke who let them in": [NAME],
    "Ask for Connor at the back door": [NAME],
    "The teenager, aged fifteen, was taken home": [AGE],
    "Resident Oyelaran saw the fight": [NAME],
    "Younger sister of the girl was with her": [KIN],
    "Worker Ionut Popa had no right to work": [NAME],
    "Contact Beth for the keys": [NAME],
}
UNSEEN = (
    "Barman Florin gave her the key",
    "We warned Tadeusz about the music",
    "Kadisha was asleep in the booth",
    "Twelve-year-olds were buying vapes",
    "He lives with his grandmother",
    "The van is driven by Mehdi Rostami",
    "A seventeen-year-old female was refused",
    "Complainant is Folasade",
    "Shanice says staff lock the door",
    "Half-brother of the boy runs the bar",
    "A child aged 8 slept in the stock room",
    "Cleaner Ileana found the phone",
    "Girls as young as 12 were there",
    "Spoke to Lorcan on the phone",
    "niece of the owner works the till",
    "Miss D. Farquhar is the key holder",
    "The manageress, Nosheen Zafar, was abusive",
    "a boy of ten was with them",
    "Guard Bogumil let them through",
    "Her step-dad is a driver",
    "On arrival Caoimhe opened the side gate",
    "the victim (15) was drunk",
    "Wojtek's girlfriend served them",
    "Statement of Ayodele Bankole is attached",
    "Her name is Siobhan",
)
"""Sentences that were written after the rules and the lists: 19 of the 25 were found at first."""
HARMLESS = (
    "Visit on 3 December, 22:00 to 02:00",
    "The manager of Umber Wines was advised about Challenge 25",
    "Music was heard at Victoria Street until 03:00",
    "Test purchase at Cobalt Grill failed twice in October",
    "Stoke-on-Trent City Council asked for CCTV for 31 days",
    "The premises supervisor was away on both visits",
    "Staff trained on 12 May; refusals log kept since",
    "Persons under 18 were in the bar after 21:00",
    "No proof of age was asked for",
    "The owner agreed to a door supervisor on Fridays and Saturdays",
    "Parents and carers of the area were told by leaflet",
    "Partner agencies were asked for their records",
    "Sister premises in Leek was not visited",
    "Noise from the car park behind the George Inn",
    "The licence was granted 14 years ago",
    "Officers attended within 12 minutes",
    "Children in school uniform were served at the counter",
    "The door supervisor on Albion Square had no badge",
    "Four visits in March, two in May",
    "Crime and disorder at the premises since the Early warning letter",
    "The driver of Taxi Company cars waits at the rank",
    "The Designated Premises Supervisor did not attend",
    "Staffordshire Fire and Rescue found the exit blocked",
    "Lights at Potters Gate were mended",
    "A group of 15 young people was moved on",
    "The witness statements are listed below",
    "Will be reviewed in January",
    "Grace period of 28 days ends in June",
    "The member of staff was not trained",
    "Alcohol was sold after 23:00 on 4 occasions",
    "Officer In Charge was told at the briefing",
    "The holder was sent a copy by post",
    "Under-18s are not admitted after 21:00",
    "Rose Street and Heath Road are quiet",
    "Owner On site at each visit",
    "Trentside Lodge lets rooms by the hour",
    "The victim support leaflet is at the bar",
    "No friend or relative may stand in for the supervisor",
    "Records of 14 incidents were read",
    "Staff Training was carried out in September",
)


@pytest.mark.parametrize("text", TELLING)
def test_names_ages_and_relationships_in_free_text_are_told(text: str) -> None:
    assert set(doubts_in(text)) >= set(TELLING[text])


def test_how_many_are_found_and_how_often_it_is_wrong() -> None:
    """Recall over all kinds, and false alarms among sentences that point at nobody."""
    kinds = [(text, kind) for text, wanted in TELLING.items() for kind in wanted]
    found = sum(kind in doubts_in(text) for text, kind in kinds)
    wrong = [text for text in HARMLESS if doubts_in(text)]
    print(f"\nrecall {found} of {len(kinds)}, false alarms {len(wrong)} of {len(HARMLESS)}")  # noqa: T201
    unseen = sum(bool(doubts_in(text)) for text in UNSEEN)
    print(f"of sentences written afterwards {unseen} of {len(UNSEEN)}")  # noqa: T201
    assert found / len(kinds) >= 0.95
    assert unseen / len(UNSEEN) >= 0.76
    assert len(wrong) / len(HARMLESS) <= 0.05
