/** Texts about re-sighting codes and the team key, in Swedish. */
export const teamKey = {
  /** Said at an encounter. */
  title: 'Kod för att känna igen',
  done: 'kod gjord',
  when: 'Gör en kod när du möter en ensam person som går med på att svara. Då går det att se om ni eller någon annan träffar samma person igen den här perioden, så att ingen räknas två gånger.',
  not: 'Gör ingen kod för en familj eller en grupp, för den som inte vill, eller på en gissning.',
  stays:
    'Svaren blir tolv tecken på telefonen och sparas inte. Servern kan jämföra koder inom en period men inte räkna ut vem någon är.',
  single: 'Koden gäller en ensam person. Ställ in en person för att göra en.',
  name: 'Förnamnets två första bokstäver',
  mother: 'Mammans förnamn, två första bokstäver',
  day: 'Föddes dag',
  month: 'månad',
  missing: 'Fyll i alla fyra för att få en kod.',
  code: (code: string) => `Kod: ${code}`,
  made: 'Mötet har en kod. Den går inte att räkna baklänges.',
  none: 'Mötet har ingen kod.',
  clear: 'Ta bort koden',
  noKey: 'Telefonen har ingen gruppnyckel, så den kan inte göra koder.',
  noKeyHelp:
    'Be en samordnare visa nyckeln. Skanna den med kameran eller klistra in den här. Allt annat fungerar ändå.',
  oldKey: 'Telefonens nyckel är inte den som gruppen använder nu. Be en samordnare om den nya.',
  paste: 'Gruppnyckel eller länk med nyckeln',
  keep: 'Spara nyckeln',
  wrong: 'Det är ingen gruppnyckel.',
  arrived: 'Gruppnyckeln är på telefonen',
  deskHere: 'Gruppnyckeln ligger låst i den här webbläsaren.',
  open: 'Öppna nyckeln',
  /** Its passphrase at a desk. */
  phrase: 'Lösenfras för gruppnyckeln',
  choosePhrase: 'Välj en lösenfras för gruppnyckeln',
  phraseHint: 'Ingen kan ta fram den åt dig.',
  working: 'Ett ögonblick …',
  /** Said at a coordinator's desk. */
  deskTitle: 'Gruppnyckel',
  deskHelp:
    'Med nyckeln gör telefonerna koder för att känna igen. Den följer med länken när du bjuder in en telefon och kommer aldrig till servern.',
  deskNone:
    'Nyckeln görs i den här webbläsaren när du gör den första länken, och låses med en lösenfras.',
  deskHas: 'Den här webbläsaren har nyckeln. Länkar du gör här har den med sig.',
  deskOpen: 'Den är öppen tills du loggar ut eller stänger fliken.',
  deskLocked:
    'Den här webbläsaren har nyckeln, låst med en lösenfras. Du behöver den när du visar nyckeln eller gör en länk.',
  deskPlain:
    'Nyckeln ligger olåst i den här webbläsaren. Välj en lösenfras, så kan bara den som har den öppna nyckeln.',
  seal: 'Lås nyckeln',
  change: 'Byt lösenfras',
  changeHelp:
    'Den nya gäller i den här webbläsaren. Nyckeln är densamma, så inget ändras i telefonerna.',
  changed: 'Lösenfrasen är bytt.',
  forgot: 'Glömt lösenfrasen?',
  forgotHelp:
    'Ingen kan ta fram den, men nyckeln går att hämta på nytt. Be en annan samordnare visa den, eller leta upp en länk som du har skickat: den har nyckeln med sig. Klistra in här och välj en ny lösenfras. Finns den ingenstans, gör en ny nyckel.',
  another: 'Det är inte nyckeln som gruppen använder nu.',
  takeHelp: 'Nyckeln stämmer. Den låses i den här webbläsaren.',
  askToMake: 'Länken ska ha gruppnyckeln med sig. Den görs nu och låses i den här webbläsaren.',
  askToOpen: 'Länken ska ha gruppnyckeln med sig. Den är låst i den här webbläsaren.',
  linkWithout: 'Skapa länk utan nyckeln',
  deskLacks:
    'Gruppen har en nyckel, men inte i den här webbläsaren. Länkar du gör här saknar den. Be en annan samordnare visa den och klistra in den.',
  deskLinkHas: 'Länken har gruppnyckeln med sig. Skicka den bara till den som ska ha telefonen.',
  deskLinkLacks: 'Länken saknar gruppnyckeln. Telefonen kan få den senare.',
  show: 'Visa nyckeln',
  hide: 'Dölj nyckeln',
  scan: 'Skanna med telefonen som redan är ansluten. Visa den inte för någon annan.',
  alt: 'Kod med gruppnyckeln',
  renew: 'Nyckeln är borta hos alla: gör en ny',
  renewHelp:
    'Koder som gjorts med den gamla går då inte att jämföra med nya, och alla telefoner behöver den nya.',
  renewNow: 'Gör en ny nyckel',
  renewWaits:
    'Den nya nyckeln ligger låst i den här webbläsaren. Den börjar gälla när en samordnare i en annan organisation, eller en administratör, bekräftar den inom ett dygn.',
}

export type TeamKeyTexts = typeof teamKey
