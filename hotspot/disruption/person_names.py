"""List given names and surnames that are common in Britain, and words that are names and more.

Written down from general knowledge of the lists that the ONS publishes of babies' names by year,
and of the commonest surnames; no name stands for anybody.
"""

from __future__ import annotations

_GIVEN_WORDS = """
aaliyah aaron abbie abby abdul abdullah abigail abu ada adam adele adrian agnieszka ahmed aidan
aiden aisha aishah akash alan alana albert aleksander alex alexa alexander alexandra alexis alfie
alfred ali alice alicia alina alisha alison alistair allan allison alyssa amanda amber amelia amelie
amina amir amira amit amy ana anastasia andre andrea andreea andrei andrew andrzej angela angelina
angus anila anisa anita anna annabel anne annie anthony antonio anwar anya archie aria arjun arron
arthur asad asha asher ashley asif asma atif aurora austin ava ayaan ayesha aysha barbara barry
bartosz beatrice becky bella ben benjamin bernard beth bethany betty beverley bilal billy bob bobby
bogdan bonnie brad bradley brandon brenda brian bridget brooke bryan bryony caitlin callum calum
cameron carl carla carly carmen carol caroline carolyn catherine cathy cerys chantelle charles
charlie charlotte chelsea cheryl chidi chloe chris christian christina christine christopher ciara
claire clara clare cody colin connor conor corey courtney craig cristian curtis cynthia daisy damian
damien dan daniel daniela danielle danny darcey darcy darren dave david dawid dawn dean deborah
debbie declan deepak denis denise dennis derek desmond diana diane dominic dominik donna doreen
dorota dorothy douglas duncan dylan ebony eddie edith edward eileen elaine eleanor elena eliza
elizabeth ella ellen ellie elliot elliott ellis elsie emily emma emmanuel eric erica erin esme
esther ethan eva evan eve evelyn evie ewa ewan ezra faisal farah farhan faris fatima fatimah
faye felix femi finlay finley fiona florence fran frances francesca francis frank frankie fraser
fred freddie frederick freya gabriel gabriela gareth garry gary gavin gemma geoff geoffrey george
georgia georgina gerald gillian gina glen glenn gloria gordon grace graham greg gregory gurpreet
guy gwen hadiya hamza hana hannah haris haroon harold harpreet harriet harrison harry harvey hasan
hassan hayley hazel heather heidi helen helena henry hollie holly howard hugh hugo humza hussain
ian ibrahim idris igor imogen imran ines ioana iqra irene irina isaac isabel isabella isabelle isha
isla ismail ivan ivy izabela jack jackie jackson jacob jacqueline jade jaden jake jakub jamal james
jamie jan jane janet janice janine jared jasmine jason jasmin javed jay jayden jean jeff jeffrey
jemma jenna jennifer jenny jeremy jessica jess jill jim jimmy joan joanna joanne jodie joe joel
john johnny jon jonathan jordan jorge jose joseph josephine josh joshua joyce juan jude judith judy
julia julian julie june justin justyna kai kamil kamran kane karen karim karl karolina kasia kate
katherine kathleen kathryn kathy katie katy kayla kayleigh keira keith kelly kelsey ken kenneth
kenzie kerry kevin khadija khadijah khalid kian kieran kim kimberley kirsty krystian krzysztof kunal
kyle kylie lacey laila laura lauren layla leah leanne leila leila lena leo leon leona leonard lesley
leslie lewis lexi liam lily linda lindsay lisa lloyd logan lola lorna lorraine louis louise luca
lucas lucia lucy luis luka lukasz luke lydia lynn lynne mabel maciej macy maddison madison maggie
magdalena mahmood maisie maja malcolm malik marcin marcus margaret maria mariam marian marie marilyn
marina mario marion mariusz marjorie marta martha martin martyn mary maryam mateusz mathew matilda
matt matthew maureen maurice max maxwell maya megan mehmet mel melanie melissa mia michael michaela
michal michelle miguel mihai mike mila millie milly miriam mitchell mohamed mohammad mohammed
mohsin moira molly monica monika morgan muhammad musa mustafa myles nadia nadine naeem naomi nasir
natalia natalie natasha nathan nathaniel naveed neil nicholas nick nicky nicola nicole nigel nikita
nina noah noor nora norman nour oleg olga oliver olivia ollie olu omar oscar oskar owen paige pamela
pardeep patrick patricia paul paula pauline pavel pawel peggy penelope penny peter phil philip
phillip phoebe phyllis piotr poppy pradeep priya quinn rachael rachel radoslaw rafal rahim raj
rajesh ralph ramesh raymond razia rebecca reece reggie rehman renata rhiannon rhys rian ricardo
richard ricky riley rita rob robert roberta robin rod rodney roger rohan roman ronald ronnie rory
rosemary rosie ross roxanne roy rubina ruby rupert russell ruth ryan saad sabina sadia safa saif
saima sajid sally salma sam samantha samina samir samuel sana sandeep sandra sanjay sara sarah
saskia scarlett scott sean sebastian serena shabana shah shahid shannon sharon shaun shazia sheila
shelley sheryl shirley sian sienna simon simran skye sofia sonia sonya sophia sophie stacey stanley
stefan stella stephanie stephen steve steven stewart stuart sue sufyan sukhdeep sultan sumaiya
sunita susan suzanne sylvia szymon tahir tamara tania tanya tara tariq tasha tayyab ted terence
teresa terry thea theo theodore theresa thomas tiffany tim timothy tina toby todd tom tomasz tommy
tony tracey tracy trevor tristan tyler tyrone umar usman valerie vanessa vera vicky vijay vikram
vincent viorel vivian vladimir waqas wayne wendy wesley wiktoria william wojciech xander yasmin
yasmine yusuf yvonne zac zach zachary zahra zain zainab zak zakariya zara zayn zoe zofia zuzanna
"""
GIVEN = frozenset(_GIVEN_WORDS.split())
"""Given names, in small letters."""
_SURNAMES_WORDS = """
adams ahmed akhtar ali allen anderson andrews armstrong atkinson bailey baker ball banks barker
barnes barrett bates begum bell bennett berry booth bradley brooks brown burgess burns burton butler
cameron campbell carr carter chambers chapman clark clarke cole collins cook cooke cooper cox
cunningham davies davis dawson dean dixon douglas doyle edwards elliott ellis evans fisher fletcher
foster fox francis freeman gibson gill gordon graham grant gray green griffiths hall hamilton
harding harper harris harrison hart harvey henderson hewitt hill holland holmes hopkins hudson
hughes hunt hunter hussain iqbal jackson james jenkins johnson johnston jones kaur kelly kennedy
khan king knight knowles kowalski lane lawrence lawson lee lewis lloyd lowe macdonald marsh marshall
martin mason matthews mccarthy mcdonald miller mills mitchell moore morgan morris murphy murray
newman nowak obrien oconnor oneill osborne owen palmer parker parsons patel payne pearce pearson
perry phillips poole porter powell price rahman read rees reid reynolds richards richardson riley
roberts robertson robinson rogers rose ross russell ryan saunders scott sharma sharp shaw shah
sheikh simpson singh smith spencer stevens stevenson stewart stone sutton taylor thomas thompson
thomson turner walker wallace walsh ward watkins watson watts webb webster wells west white
wilkinson williams williamson willis wilson wood woods wright young
"""
SURNAMES = frozenset(_SURNAMES_WORDS.split())
"""Surnames, in small letters."""
_ALSO_WORDS_WORDS = """
amber angel april ash autumn basil bill bishop brook brooke carol christian cliff crystal daisy dale
dawn dean drew eve faith florence frank gale gene glen grace grant guy harmony hazel heath heather
holly hope iris ivy jack jade jan jasmine jay jean jewel joy june kay kit lane lee leek lily loch
mark may melody mercy miles myrtle nick noel olive pat patience penny pearl peg poppy rain ray reed
reggie rich rob robin rod rose ruby rusty sandy savannah scarlett sky skye star sterling sue summer
sunny sultan ted tiffany tony trinity victor victoria violet wade will willow wren
belfast chelsea chester jordan lancaster lincoln london london madison morgan orlando paris phoenix
ross shah stanley stafford stone stoke sydney troy warren wells windsor
albert alexandra alma edward elizabeth george charlotte albion caroline henry james john william
alexander duncan paul peter mary patrick michael margaret thomas david andrew stephen ann anne
"""
ALSO_WORDS = frozenset(_ALSO_WORDS_WORDS.split())
"""Given names that are words, places and public houses too: alone they say little."""
