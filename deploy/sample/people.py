"""The leads to look at: each has a story that the model of this folder should see through.

README.md lists them and says what becomes of each. The numbers behind the outcomes stand in
tests/sample; who changes a story here changes them too.
"""
from story import AUTUMN, PORTAL, SEARCH, Lead

GUIDE = "heat-pump-guide.pdf"


def anna_ripens(seed):
    """Everything fits: she reads, compares prices, comes to the webinar, and is handed over."""
    anna = Lead(seed, ("email", "anna.berg@stadtwerke.example"), organisation="Stadtwerke")
    anna.page("38 10:05", "/solutions/heat-pumps", AUTUMN)
    anna.page("41 09:30", "/library")
    anna.form("41 09:32", "download", consent={"marketing": True},
              lead={"name": "Anna Berg", "role": "Head of Energy", "country": "DE"})
    anna.download("41 09:33", GUIDE)
    anna.attributes("42 11:00", industry="energy", employees=80,
                    company={"domain": "stadtwerke.example", "name": "Stadtwerke"})
    anna.mail("43 08:00", "news-06", opened=2100, clicked=2160)
    anna.pricing("43 08:37", "45 10:15", "46 14:20")
    anna.webinar("47 09:00", "registered")
    anna.pricing("48 16:05")
    anna.webinar("50 11:00", "attended", seconds=2900)
    anna.pricing("51 09:10")
    anna.call("52 10:00", minutes=20)
    anna.accepted("52 11:00")
    anna.offer("54 09:00", "offer-2201", opened="55 13:30")
    return anna


def bruno_waits_for_consent(seed):
    """Ripe on day 44, but we may not write to him before he says so on day 49."""
    bruno = Lead(seed, ("email", "bruno.keller@waermewerk.example"))
    bruno.attributes("33 10:00", name="Bruno Keller", role="Managing Director", industry="building",
                     employees=120, country="AT")
    bruno.page("34 08:50", "/selector", SEARCH)
    bruno.pricing("36 08:30", "38 08:30", "40 08:30", "42 08:30", "44 08:30")
    bruno.webinar("43 11:00", "attended", seconds=3100)
    bruno.download("45 09:00", GUIDE)
    bruno.form("49 15:00", "newsletter", consent={"marketing": True})
    bruno.pricing("53 08:30")
    return bruno


def carla_fades(seed):
    """Ripe on day 10; then silence, and the interest fades until she withers by herself."""
    carla = Lead(seed, ("email", "carla.neri@acquaverde.example"), country="IT")
    carla.form("5 09:00", "download", consent={"marketing": True},
               lead={"name": "Carla Neri", "role": "Facility Manager", "industry": "building",
                     "employees": 300, "country": "IT"})
    carla.download("5 09:01", GUIDE)
    carla.pricing("6 09:00", "7 09:00", "8 09:00", "9 09:00")
    carla.webinar("10 11:00", "attended", seconds=2500)
    carla.pricing("12 15:00")
    return carla


def david_was_a_customer(seed):
    """Handed over on day 45. On day 50 the CRM tells us that he has been a customer since day 30:
    he never should have been, so it is taken back."""
    david = Lead(seed, ("email", "david.okafor@hydrotec.example"), country="GB")
    david.attributes("28 10:00", consent=True, name="David Okafor", role="Director of Operations",
                     industry="energy", employees=450, country="GB")
    david.page("37 09:40", "/cases/district-heating", SEARCH)
    david.pricing("38 09:40", "39 09:40", "41 09:40", "43 09:40", "45 09:40")
    david.webinar("44 11:00", "attended", seconds=3300)
    david.download("46 10:00", "seal-maintenance.pdf")
    david.attributes("30 12:00", arrives="50 02:10", is_customer=True)
    return david


def elif_was_a_scanner(seed):
    """Ripe by a hair on day 47, with a click. The mail system reports late when it had sent that
    mail: the click came two seconds after, so it was the gateway of her company that clicked."""
    elif_ = Lead(seed, ("email", "elif.yilmaz@klinikbau.example"))
    elif_.attributes("35 10:00", consent=True, name="Elif Yilmaz", role="Head of Construction",
                     industry="building", employees=900, country="DE")
    elif_.download("36 10:00", GUIDE)
    elif_.pricing("39 10:00", "41 10:00", "43 10:00", "44 10:00")
    elif_.webinar("47 11:00", "attended", seconds=2700)
    elif_.mail("47 12:30", "webinar-thanks", clicked=2, sent_arrives="50 06:00")
    elif_.pricing("56 10:00")
    return elif_


def frank_is_a_competitor(seed):
    """Very interested, and works for the competition: nothing is announced."""
    frank = Lead(seed, ("email", "frank.stein@kreiselwerk.example"), organisation="Kreiselwerk")
    frank.attributes("20 10:00", consent=True, name="Frank Stein", role="Product Director",
                     industry="energy", employees=2000, country="DE")
    frank.pricing("40 20:00", "41 20:00", "43 20:00", "44 20:00", "47 20:00", "49 20:00")
    frank.webinar("44 11:00", "attended", seconds=3600)
    frank.download("45 20:30", GUIDE)
    frank.download("46 20:30", "seal-maintenance.pdf")
    frank.demo_request("50 20:00")
    return frank


def greta_asks_for_a_demo(seed):
    """Two pages and a demo request: the fast lane does not ask for points."""
    greta = Lead(seed, ("email", "greta.lund@fjordvarme.example"), country="NO")
    greta.known_from("44 10:10")
    greta.page("44 10:02", "/solutions/heat-pumps", SEARCH)
    greta.page("44 10:06", "/pricing")
    greta.demo_request("44 10:10", lead={"name": "Greta Lund", "role": "Engineer", "country": "NO"})
    greta.call("46 09:30", minutes=25)
    return greta


def henri_is_owned(seed):
    """A demo request, an owner, and then ripe as well: who has him keeps him."""
    henri = Lead(seed, ("email", "henri.morel@chaleur.example"), country="FR")
    henri.demo_request("36 14:00", lead={"name": "Henri Morel", "role": "Technical Manager",
                                         "industry": "energy", "country": "FR"},
                       consent={"marketing": True})
    henri.attributes("37 09:00", owner="eva", employees=60)
    henri.call("38 10:00", minutes=15)
    henri.pricing("39 10:30", "41 10:30", "42 10:30", "43 10:30", "44 10:30")
    henri.webinar("45 11:00", "attended", seconds=3000)
    henri.call("46 10:00", minutes=30)
    return henri


def ida_studies(seed):
    """A student: reads everything, looks for a job. Much interest, no fit."""
    ida = Lead(seed, ("email", "ida.roth@hochschule-aue.example"))
    ida.form("22 18:00", "download", consent={"marketing": True},
             lead={"name": "Ida Roth", "role": "Student", "country": "DE"})
    ida.download("22 18:01", GUIDE)
    ida.download("23 18:01", "seal-maintenance.pdf")
    ida.webinar("24 11:00", "attended", seconds=3500)
    for day in (24, 25, 26, 28, 29):
        ida.pricing(f"{day} 18:30")
        ida.page(f"{day} 18:35", "/cases/district-heating")
    ida.page("30 18:30", "/careers/internship")
    ida.page("31 18:30", "/careers")
    return ida


def jan_is_sent_back(seed):
    """Handed over on day 16, sales says no on day 19 and sets him back to 30 points. He grows ripe
    again on day 38, and this time it is told when the 30 days of calm are over, on day 46."""
    jan = Lead(seed, ("email", "jan.visser@kaswarmte.example"), country="NL")
    jan.attributes("8 10:00", consent=True, name="Jan Visser", role="Energy Manager",
                   industry="energy", employees=90, country="NL")
    jan.pricing("9 11:00", "10 11:00", "11 11:00", "13 11:00", "15 11:00")
    jan.webinar("14 11:00", "attended", seconds=2600)
    jan.download("16 09:00", GUIDE)
    jan.rejected("19 16:00", "no budget this year")
    jan.page("34 11:00", "/cases/greenhouse", PORTAL)
    jan.pricing("35 11:00", "36 11:00", "37 11:00", "38 11:00", "39 11:00")
    jan.webinar("38 15:00", "attended", asset="webinar-control", seconds=3200)
    jan.download("40 09:00", "seal-maintenance.pdf")
    jan.pricing("44 11:00")
    return jan


def kim_becomes_a_customer(seed):
    """Ripe, an offer, an order: a customer is no lead any more and withers because of that."""
    kim = Lead(seed, ("email", "kim.hansen@fernwaerme-nord.example"))
    kim.attributes("12 10:00", consent=True, name="Kim Hansen", role="Head of Procurement",
                   industry="energy", employees=700, country="DE")
    kim.page("14 13:00", "/selector", PORTAL)
    kim.pricing("15 13:00", "16 13:00", "18 13:00", "19 13:00", "21 13:00")
    kim.webinar("17 11:00", "attended", seconds=3000)
    kim.fair("20 11:20", arrives="20 19:05")
    kim.accepted("22 10:00")
    kim.offer("24 10:00", "offer-2107", amount="96500.00", opened="25 08:15")
    kim.web("33 10:00", "order_placed", "/order", amount="96500.00", currency="EUR")
    kim.won("33 12:00", "96500.00")
    kim.attributes("33 12:05", is_customer=True)
    return kim


def lea_is_stuck(seed):
    """Looked at prices on day 10 and has been in that stage ever since."""
    lea = Lead(seed, ("email", "lea.brandt@wohnbau-mitte.example"))
    lea.form("10 09:50", "newsletter", consent={"marketing": True},
             lead={"name": "Lea Brandt", "role": "Project Manager", "industry": "building",
                   "employees": 35, "country": "DE"})
    lea.pricing("10 10:00")
    lea.mail("15 08:00", "news-02", opened=5400)
    lea.mail("29 08:00", "news-04", opened=7200, clicked=7260)
    lea.mail("43 08:00", "news-06", opened=3600)
    return lea


def nils_falls_asleep(seed):
    """One guide on day 3, then nothing for 45 days."""
    nils = Lead(seed, ("email", "nils.holm@bryggeri.example"), country="SE")
    nils.page("3 15:00", "/library", SEARCH)
    nils.form("3 15:01", "download", lead={"name": "Nils Holm", "country": "SE"})
    nils.download("3 15:02", GUIDE)
    return nils


def olga_has_enough(seed):
    """Opens, clicks, unsubscribes."""
    olga = Lead(seed, ("email", "olga.novak@papirna.example"), country="CZ")
    olga.form("6 14:00", "newsletter", consent={"marketing": True}, lead={"name": "Olga Novak"})
    for day, send in ((8, "news-01"), (15, "news-02"), (22, "news-03")):
        olga.mail(f"{day} 08:00", send, opened=2400, clicked=2430)
    olga.unsubscribe("29 08:50", "news-04")
    return olga


def paul_leaves_it_unread(seed):
    """An offer that he does not open for five days."""
    paul = Lead(seed, ("email", "paul.weiss@textil-weiss.example"), country="CH")
    paul.form("40 11:00", "contact",
              lead={"name": "Paul Weiss", "role": "Plant Manager", "country": "CH"})
    paul.pricing("42 11:00")
    paul.call("43 10:00", minutes=12)
    paul.offer("44 09:00", "offer-2188")
    return paul


def rosa_met_us_at_the_fair(seed):
    """The badges scanned at the fair are handed in two days later; a talk there made her ripe."""
    rosa = Lead(seed, ("email", "rosa.vidal@aguas-sur.example"), country="ES")
    rosa.attributes("9 10:00", consent=True, name="Rosa Vidal", role="Head of Maintenance",
                    industry="energy", employees=210, country="ES")
    rosa.page("11 12:00", "/selector", PORTAL)
    rosa.pricing("13 12:00", "14 12:00", "16 12:00", "18 12:00")
    rosa.download("14 12:10", GUIDE)
    rosa.webinar("17 11:00", "watched", seconds=2400)
    rosa.fair("20 10:40", arrives="23 08:30")
    rosa.fair("21 15:15", arrives="23 08:30")
    rosa.social("22 09:00", "comment")
    rosa.pricing("30 12:00", "33 12:00")
    return rosa


def crawler(seed):
    """A machine that reads the prices every night, and says that it is one."""
    robot = Lead(seed, ("anon", "c-crawler"), country="US", robot=True)
    for day in range(12, 58, 3):
        robot.page(f"{day} 03:00", "/pricing")
        robot.page(f"{day} 03:00:02", "/cases/district-heating")
    return robot


def sven_has_two_devices(seed):
    """Reads at his desk, and at night on a phone that does not know him. What each of them saw is
    not enough; when he tells the phone who he is on day 44, both together are."""
    sven = Lead(seed, ("email", "sven.dahl@fjordkraft.example"), country="NO")
    sven.attributes("33 10:00", consent=True, name="Sven Dahl", role="Head of Operations",
                    industry="energy", employees=300, country="NO")
    sven.on("c-sven-desk")
    sven.page("37 10:00", "/cases/district-heating", SEARCH)
    sven.pricing("38 10:00", "40 10:00", "42 10:00")
    sven.download("41 09:00", GUIDE)
    sven.webinar("43 11:00", "attended", seconds=2800)
    sven.on("c-sven-phone", says_who=False)
    sven.pricing("36 21:00", "39 21:00", "41 21:00", "43 21:00")
    sven.on("c-sven-phone")
    sven.form("44 20:00", "newsletter")
    sven.pricing("46 21:00")
    return sven


def tina_and_uwe_share_a_computer(seed):
    """Whoever said last who it is has the computer in the workshop, until another one says so."""
    tina = Lead(seed, ("email", "tina.koch@stahlbau-ost.example"))
    uwe = Lead(seed, ("email", "uwe.brandt@stahlbau-ost.example"))
    for person in (tina, uwe):
        person.on("c-workshop", says_who=False)
    tina.page("20 09:00", "/solutions/heat-pumps", SEARCH)
    tina.pricing("21 09:00")
    uwe.pricing("25 14:00", "26 14:00")
    tina.pricing("31 10:00")
    tina.on("c-workshop")
    uwe.on("c-workshop")
    tina.form("20 09:10", "download", consent={"marketing": True}, lead={"name": "Tina Koch"})
    uwe.form("24 14:00", "newsletter", consent={"marketing": True}, lead={"name": "Uwe Brandt"})
    tina.page("30 10:00", "/library", AUTUMN)
    return [tina, uwe]


def vera_forwards_a_mail(seed):
    """Two colleagues are two leads. But the link in Vera's mail says that it is hers, and Yann
    clicks on it: what his computer saw until he gave his own name is counted as hers."""
    vera = Lead(seed, ("email", "vera.lang@hafenbau.example"))
    yann = Lead(seed, ("email", "yann.petit@hafenbau.example"))
    vera.on("c-vera")
    vera.form("15 10:00", "newsletter", consent={"marketing": True}, lead={"name": "Vera Lang"})
    vera.mail("22 08:00", "news-03", clicked=600)
    vera.page("22 08:10", "/library", AUTUMN)
    vera.on("c-yann")
    vera.page("23 09:05", "/library", AUTUMN)
    yann.on("c-yann", says_who=False)
    yann.page("23 09:00", "/cases/greenhouse")
    yann.pricing("23 09:20", "27 11:00")
    yann.on("c-yann")
    yann.form("25 11:00", "contact", lead={"name": "Yann Petit"})
    yann.pricing("26 11:00")
    return [vera, yann]


def xenia_is_known_late(seed):
    """She gave her name in a form on day 41, and the form's provider hands it in on day 49. Only
    then is it known whose visits those were, and she was ripe already."""
    xenia = Lead(seed, ("email", "xenia.moreau@chaleur-sud.example"), country="FR")
    xenia.attributes("38 10:00", consent=True, name="Xenia Moreau", role="Head of Energy",
                     industry="energy", employees=200, country="FR")
    xenia.on("c-xenia", says_who=False)
    xenia.pricing("40 11:00", "42 11:00", "44 11:00", "46 11:00", "48 11:00")
    xenia.download("41 09:30", GUIDE)
    xenia.on("c-xenia")
    xenia.form("41 10:00", "contact", arrives="49 09:00")
    xenia.touch("47 10:00", "webinar_attended", "offline", arrives="47 12:00",
                asset="webinar-refrigerants", seconds=3000)
    return xenia


STORIES = (anna_ripens, bruno_waits_for_consent, carla_fades, david_was_a_customer,
           elif_was_a_scanner, frank_is_a_competitor, greta_asks_for_a_demo, henri_is_owned,
           ida_studies, jan_is_sent_back, kim_becomes_a_customer, lea_is_stuck,
           nils_falls_asleep, olga_has_enough, paul_leaves_it_unread, rosa_met_us_at_the_fair,
           sven_has_two_devices, tina_and_uwe_share_a_computer, vera_forwards_a_mail,
           xenia_is_known_late, crawler)


def people(seed):
    told = [story(seed) for story in STORIES]
    return [lead for leads in told for lead in (leads if isinstance(leads, list) else [leads])]
