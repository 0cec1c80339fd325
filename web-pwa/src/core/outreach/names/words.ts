/** Words that the search for names goes by. All in lower case, without accents (`plain`). */

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** First names that are common among those who are met, and among colleagues. */
export const FIRST_NAMES = words(`
  adrian agneta ahmed alexandru alexandra alin alina ali ana anca andrei andreea angel angela anders
  anna annika anton asen beata bogdan boris camelia carmen catalin cecilia claudiu constantin corina cornel
  costel cristian cristina dan daniel daniela danuta denisa desislava diana dimitar dimitru dorin dorina
  dragan dragos dumitru ecaterina elena eleonora elisabeta emil emilia erik eva fatima fatma florentina florin
  florina gabriel gabriela georgi george georgeta georgiana gheorghe ghita grigore hassan hans hristo
  ibrahim ilie iliya ileana ioana ion ionel ionela ionut iulia iulian ivan ivana ivanka jan jana johan
  johanna jonas karin katarina krystyna krasimir lars laszlo laura lavinia lena leonard liliana
  liviu lucia lucian lucica luminita magdalena malgorzata marcel marcin margareta maria marian mariana maricica
  marin marina marius mariya marko mehmet mihaela mihai mikael milena milica mircea mirela mirela
  mohammed mohamed monica mustafa nadia nadezhda narcisa nelu nicolae nicoleta nicusor nikola nikolay
  octavian ovidiu olga oxana paraschiva paul pavel peter petar petko petre petru petrica piotr plamen radu rada
  ramona raluca razvan remus rodica roman romica rosen roxana sara samir sanna sebastian serban sergiu silviu silvia
  simona slavi snezhana sofia sorin sorina stefan stefania stefka stelian stela stoyan svetlana
  tatiana teodor teodora tomasz traian tsvetan todor vasile vasilica valentin valentina valeriu vasil
  veronica victor victoria viorel viorica violeta virgil vladimir yordan yordanka zdravko zlatka zofia
  мария иван георги димитър елена петър николай стефан йордан тодор христо елица васил анна ольга сергій
`)

/** First names that are words or places too: only before a surname, or after a word that names. */
export const DOUBTFUL =
  words(`sofia roman victoria marina angel rada dan paul stela marin eva erik katarina magdalena
  eleonora maria jan sara`)

/** Endings of surnames. */
export const SURNAME =
  /\p{L}{2,}(?:escu|eanu|oiu|sson|sdotter|dottir|enko|ovski|evski|owski|ewska|ovic|evic|ić|oglu|nikov|nikova)$|\p{L}{3,}(?:ov|ova|ev|eva|ска|ски|ов|ова|ев|ева)$/iu

/** Parts of the city, institutions, brands, peoples: what is written with a capital and names no person. */
export const KNOWN = words(`
  stockholm stockholms sverige sveriges sodermalm soder norrmalm ostermalm vasastan kungsholmen djurgarden gardet
  gamla stan city farsta hogdalen bandhagen ragsved hagsatra alvsjo hagersten arsta enskede vantor
  skarpnack karrtorp bjorkhagen hammarby sjostad johanneshov globen gullmarsplan slussen hornstull skanstull
  liljeholmen aspudden telefonplan fruangen skarholmen bredang satra varberg bromma alvik brommaplan
  akeshov vallingby hasselby spanga tensta rinkeby kista husby akalla jarva lunda solna sundbyberg
  huddinge nacka botkyrka alby fittja norsborg tumba haninge handen lidingo taby danderyd jakobsberg
  jarfalla sollentuna upplands vasby marsta arlanda uppsala sodertalje goteborg malmo centralen
  t-centralen odenplan fridhemsplan hotorget rissne tantolunden tanto ralambshov stadsgarden norrtull
  eriksplan mariatorget medborgarplatsen medis zinkensdamm sergels torg humlegarden kungstradgarden vinterviken
  rumanien bulgarien polen spanien italien tyskland frankrike ukraina norge danmark finland europa romania bulgaria
  sweden poland spain italy germany bukarest bucuresti craiova iasi plovdiv sofia bacau buzau
  roda korset stadsmissionen fralsningsarmen convictus crossroads ersta capio karolinska sodersjukhuset
  sankt sankta st lakare varlden varldens doctors world ny gemenskap svenska kyrkan kyrka unga station pelarbacken
  migrationsverket skatteverket polisen socialjouren socialtjansten region regionen stad staden
  trafikverket trafikkontoret fastighetskontoret kronofogden arbetsformedlingen forsakringskassan
  lansstyrelsen maria beroendecentrum sjukhus vardcentral akutmottagning eu ees sl ica coop lidl willys hemkop netto
  mcdonalds pressbyran ikea biltema bauhaus preem circle volvo ford transit opel mercedes fiat vw volkswagen
  swish western union facebook whatsapp tiktok youtube google maps android iphone samsung
  romanian bulgarian swedish english polish roma red cross social services monday tuesday
  wednesday thursday friday saturday sunday january february march april may june july august
  september october november december jul pask nyar ramadan id-kort idkort lma bankid jag i vi de hon han den det
  tillfalligt boende ambulansen ambulans sos alarm vinternatt hela gamlas ungas pendeltag tvarbanan
`)

/** Endings of what lies in a city. */
export const PLACE_ENDING =
  /(?:gatan|gata|vägen|väg|torget|torg|parken|park|bron|kyrkan|kyrka|skolan|skola|holmen|malmen|malm|hamnen|stationen|station|centralen|central|centrum|huset|gården|skogen|viken|sjön|ängen|höjden|backen|berget|gränd|gränden|stigen|plan|platsen|plats|teamet|team|jouren|mottagningen|missionen|kommunen|kommun|kontoret|verket|polisen|kliniken|sjukhuset|sjukhus|härbärget|hemmet|tunneln|rondellen|bryggan|kajen|kaj|galleria|gallerian|köpcentrum|hallen|lunden|dalen|stugan|församling|föreningen|biblioteket|garaget|macken|tullen|udden|stad|ska|iska)s?$/iu

/** Words that follow the name of a place that was called after somebody. */
export const PLACE_AFTER =
  /^(?:kyrka|kyrkan|torg|park|gata|väg|skola|församling|sjukhus|plats|kapell|bro|backe|gård|hospital|beroendecentrum|station|gränd|trappor)\p{L}*$/iu
