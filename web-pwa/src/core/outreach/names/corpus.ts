/** Made-up notes for tests: nothing here is a real person or number. */

import type { About } from './find.ts'

const lines = (text: string): string[] =>
  text
    .trim()
    .split('\n')
    .map((line) => line.trim())

/** As workers write them: nothing in them names anybody. */
export const CLEAN: Readonly<Record<About, string[]>> = {
  place: lines(`
    Åtta personer, två tält, ett öppet.
    Kallt, minus 12 grader. Återkommer 22.30.
    De behöver filtar. Kontakt med socialjouren 21:40.
    Platsen ligger 300 m norr om stationen.
    Plats 12, räknade 14 vuxna 2026-11-20
    Kyrkogatan 5, trappuppgång B
    Garaget under Norra Bantorget, plan 2
    Sergels torg, vid rulltrappan mot T-centralen
    Parkeringen bakom ICA Maxi i Högdalen
    Bakom Maria Magdalena kyrka, norra sidan
    Gustav Vasa kyrka, trappan
    Katarina kyrka, muren mot söder
    Gröna tältet vid Årstaskogen, följ stigen 200 m
    Under Liljeholmsbron, Södermalms sida
    Bilar med rumänska skyltar vid Gubbängen, 4 st
    Skylt från Trafikkontoret uppsatt i går: avhysning 15 december
    Polisen var här kl 06:15 och bad dem flytta
    Stadsdelsförvaltningen Enskede-Årsta-Vantör har städat
    Fastighetsägaren Stockholmshem har satt upp staket
    Slussen, bussterminalen, glasdörrarna är låsta efter 01.00
    Ingen här. Madrasser och två kundvagnar kvar.
    Kontakta Frälsningsarmén om soppbilen på torsdag
    Stadsmissionens härbärge fullt i natt
    Vinternatt öppnar 20.30-08.15, stängt söndagar
    Nytt läger 150 m öster om Rågsveds IP, sex skjul
    Gick hela Tantolunden, ingen i buskarna i år
    Hornstulls strand, båtarna: bara ljus i en
    EU-teamet var här före oss
    Röda Korset delade ut mat 19-20
    Träffade Convictus uppsökare på plats
    Crossroads på Östgötagatan stängde tidigare
    Ring 08-508 40 000 om det blir akut
    Rondellen vid Huddingevägen 14 personer
    Vid Nynäsvägen 3 tält och ett skjul av plank
    Drottninggatan 12 vuxna sitter utspridda
    Medborgarplatsen, utgången mot Björns trädgård
    Vakten från Securitas släppte in dem i värmen
    Västra Skogen, uppgången mot Huvudsta
    Ser ut som att alla har flyttat till Älta
    S:t Eriksplan, nedre hallen, två sovande
    Kommunen Nacka tömde lägret i tisdags
    Odenplan, pendeltågsingången, fem sittande
    Fruängen centrum bakom Lidl
    Stort tält från Biltema, blå presenning
    Rosenlunds sjukhus, gården, ingen i natt
    Bromma flygplats terminalen stängd
    Skanstull: klotter och trasigt staket, farligt för barn
    Någon eldar i en tunna nära husvagnarna
    Toaletterna vid Gullmarsplan är avstängda
    Norra Djurgårdsstaden, containrarna, bara kläder
  `),
  person: lines(`
    Behöver sovplats i natt, frågade om härbärge
    Ont i tänderna sedan tre veckor, bokad på Pelarbacken
    Vill resa hem till Rumänien före jul
    Familj från Craiova, två vuxna, ett barn i skolålder
    Talade med tolk på telefon, bulgariska
    Gravid i sjunde månaden, följdes till Södersjukhuset
    Fick information om EU-rättigheter och avgiftsfri vård
    Läkare i Världen har mottagning på torsdag
    Vill inte ha kontakt med Socialtjänsten
    Har arbetat svart på bygge i Nacka, lurad på lön
    Feber och hosta, ringde 1177
    Arbetar på Högdalens återvinning ibland
    Saknar id-kort, ska till Rumäniens ambassad
    Hon är orolig för sin son som är 6 år
    Mannen är diabetiker och saknar insulin
    Kvinnan vill till Barcelona där kusinen bor
    Barnet går i skola i Tensta
    Sover i bil sedan oktober, en Volvo kombi
    Paret bor i tält vid Vinterviken
    Möttes vid Gullmarsplan av oss i går
    Kom från Spanien för två veckor sedan
    Fick filt, strumpor och en varm måltid
    Får inte komma in på Centralen längre
    Blev misshandlad i lördags, vill inte anmäla
    Polisanmälan gjord, Polisen kommer kl. 14.00
    Återbesök 2026-12-03 kl 10.15
    Sjuksköterska från Capio tittade på foten
    Behöver glasögon. Ny gemenskap har kläder.
    Har sovit på Arlanda sedan den 14 november
    Pratade med Frälsningsarmén om en plats
    Frågade om SFI och arbete
    Talar rumänska och lite spanska
    Äldre man, svag, går med käpp
    Vill ha hjälp att ringa Skatteverket
    Reste med Flixbus till Malmö i måndags
    Bröstsmärta: ambulans tillkallad 23:05, SOS Alarm
    Säljer Situation Sthlm utanför Hemköp
    Blivit av med pass och 400 kr
    Ska träffa EU-teamet på onsdag
    Spädbarn med utslag, tid på BVC i Farsta
    Tackade nej till plats, vill stanna med hunden
    Hosta blod, vägrar sjukhus
    Tidigare boende i Bukarest
    Kan läsa svenska. Gillar ABBA.
    Har fru och tre barn i hemlandet
    Mobiltelefon stulen, Comviq-kort spärrat
    Syster i Göteborg kan ta emot
    Firar jul med Svenska kyrkan
    Vi ses igen på Medborgarplatsen fredag
    Fick Stadsmissionens karta och öppettider
  `),
}

/** With a name, a number or a person's address in them. */
export const PERSONAL: Readonly<Record<About, string[]>> = {
  place: lines(`
    Ion sover längst in
    Tältet är Marias, hon är borta till fredag
    Fråga efter Vasile i vita bilen
    Ana Popescu bor i det blå tältet
    Mannen i husvagnen heter Kwabena
    Kontaktperson Erik Lindqvist 070-123 45 67
    Vakten kallas Tjorven
    Ring markägaren på 0733 45 67 89
    Tips från Gheorghe som var här i går
    Dumitrescu har nyckeln
    Hans bror Costel kommer på måndag
    Grannen Birgitta Holmström klagar
    Han bor på Ringvägen 87
    Tipset kom från 811228-9874
  `),
  person: lines(`
    hon heter Ana
    heter ana och är 23
    talade med Ana Popescu om vård
    a man named Ion asked
    Träffade Dorin igen
    Pratade med Zdravka om barnen
    Kvinnan Nicoleta har feber
    pnr 850709-9805
    198507099805
    samordningsnummer 850769-9802
    8112289874 enligt kortet
    81 12 28 98 74
    född 850709
    f. 1985-07-09 i Buzau
    ring 070-123 45 67
    +46 70 123 45 67
    nås på 0040 722 123 456
    tel +40722123456
    +359 88 812 3456 till brodern
    numret är 0722 123 456
    73 912 34 56
    Bor på Kyrkogatan 5 lgh 1102
    adress Str. Libertatii nr. 14, Buzau
    ул. Иван Вазов 12
    Hemma på Ringvägen 87 hos en vän
    Mihai vill resa hem
    Följde med Elena till Pelarbacken
    numele: se numeste Florin
    казва се Иван
    Hos Georgieva finns nyckeln
    Bilen tillhör Stoyan Dimitrov
    Sonen Ovidiu går i skola
    mamman Camelia mår dåligt
    Gift med Petrica
    Kusinen till Ionescu
    Fadi Haddad behöver insulin
  `),
}
