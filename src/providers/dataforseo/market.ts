import { parseMarket } from '../../contracts/market.ts';
import type { ScrapeRequest } from '../../contracts/scrape.ts';

/** What a task says of its market; exactly one location and one language field. */
export type MarketFields = Record<string, string | number>;

/**
 * The location and language of a request: its parameters where they say so, else its market. A country is
 * 2000 + its ISO 3166-1 number (the vendor's examples: 2840 is the United States, 2826 the United Kingdom; the same numbers
 * are Google's "criteria ids" of countries). `undefined` in place of a field that cannot be told.
 */
export function marketFields({ market: text, params }: ScrapeRequest): {
  location: MarketFields | undefined;
  language: MarketFields | undefined;
} {
  const market = parseMarket(text);
  return {
    location:
      given(params, ['location_code', 'location_name', 'location_coordinate']) ??
      countryCode(market?.country ?? ''),
    language:
      given(params, ['language_code', 'language_name']) ??
      languageCode(market?.language ?? MAIN_LANGUAGE.get(market?.country ?? ''), market?.country),
  };
}

function given(params: ScrapeRequest['params'], names: readonly string[]): MarketFields | undefined {
  const found = names.flatMap((name) => {
    const value = params[name];
    return typeof value === 'string' || typeof value === 'number' ? [[name, value] as const] : [];
  });
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

function countryCode(country: string): MarketFields | undefined {
  const numeric = ISO_NUMBER.get(country);
  return numeric === undefined ? undefined : { location_code: 2000 + numeric };
}

/** Google and Bing write a few languages in their own way; what is not here is sent as it is. */
function languageCode(language: string | undefined, country: string | undefined): MarketFields | undefined {
  if (language === undefined) return undefined;
  if (language === 'zh') return { language_code: TRADITIONAL_CHINESE.has(country ?? '') ? 'zh-TW' : 'zh-CN' };
  return { language_code: language === 'nb' || language === 'nn' ? 'no' : language };
}

const TRADITIONAL_CHINESE = new Set(['TW', 'HK', 'MO']);

/**
 * The language of a market that names none, where one language is the obvious one. Countries that are not here (CH, BE,
 * CA, IN, …) have to say it: a wrong guess would be a wrong purchase.
 */
const MAIN_LANGUAGE = new Map(
  (
    'en:AU,GB,IE,NZ,US de:AT,DE fr:FR,MC es:AR,BO,CL,CO,CR,CU,DO,EC,ES,GT,HN,MX,NI,PA,PE,PY,SV,UY,VE pt:BR,PT ' +
    'it:IT,SM nl:NL pl:PL cs:CZ sk:SK sl:SI hr:HR sr:RS bg:BG ro:RO,MD hu:HU el:GR da:DK sv:SE fi:FI no:NO is:IS ' +
    'et:EE lv:LV lt:LT tr:TR uk:UA ru:RU ja:JP ko:KR zh:CN,TW vi:VN th:TH id:ID he:IL ' +
    'ar:AE,BH,EG,JO,KW,OM,QA,SA,YE'
  )
    .split(' ')
    .flatMap((row) => {
      const [language = '', countries = ''] = row.split(':');
      return countries.split(',').map((country): [string, string] => [country, language]);
    }),
);

/** ISO 3166-1, all entries: alpha-2 code and number. Whether the vendor serves a country, it says itself. */
const ISO_NUMBER = new Map(
  (
    'AD020 AE784 AF004 AG028 AI660 AL008 AM051 AO024 AQ010 AR032 AS016 AT040 AU036 AW533 AX248 AZ031 BA070 BB052 BD050 ' +
    'BE056 BF854 BG100 BH048 BI108 BJ204 BL652 BM060 BN096 BO068 BQ535 BR076 BS044 BT064 BV074 BW072 BY112 BZ084 CA124 ' +
    'CC166 CD180 CF140 CG178 CH756 CI384 CK184 CL152 CM120 CN156 CO170 CR188 CU192 CV132 CW531 CX162 CY196 CZ203 DE276 ' +
    'DJ262 DK208 DM212 DO214 DZ012 EC218 EE233 EG818 EH732 ER232 ES724 ET231 FI246 FJ242 FK238 FM583 FO234 FR250 GA266 ' +
    'GB826 GD308 GE268 GF254 GG831 GH288 GI292 GL304 GM270 GN324 GP312 GQ226 GR300 GS239 GT320 GU316 GW624 GY328 HK344 ' +
    'HM334 HN340 HR191 HT332 HU348 ID360 IE372 IL376 IM833 IN356 IO086 IQ368 IR364 IS352 IT380 JE832 JM388 JO400 JP392 ' +
    'KE404 KG417 KH116 KI296 KM174 KN659 KP408 KR410 KW414 KY136 KZ398 LA418 LB422 LC662 LI438 LK144 LR430 LS426 LT440 ' +
    'LU442 LV428 LY434 MA504 MC492 MD498 ME499 MF663 MG450 MH584 MK807 ML466 MM104 MN496 MO446 MP580 MQ474 MR478 MS500 ' +
    'MT470 MU480 MV462 MW454 MX484 MY458 MZ508 NA516 NC540 NE562 NF574 NG566 NI558 NL528 NO578 NP524 NR520 NU570 NZ554 ' +
    'OM512 PA591 PE604 PF258 PG598 PH608 PK586 PL616 PM666 PN612 PR630 PS275 PT620 PW585 PY600 QA634 RE638 RO642 RS688 ' +
    'RU643 RW646 SA682 SB090 SC690 SD729 SE752 SG702 SH654 SI705 SJ744 SK703 SL694 SM674 SN686 SO706 SR740 SS728 ST678 ' +
    'SV222 SX534 SY760 SZ748 TC796 TD148 TF260 TG768 TH764 TJ762 TK772 TL626 TM795 TN788 TO776 TR792 TT780 TV798 TW158 ' +
    'TZ834 UA804 UG800 UM581 US840 UY858 UZ860 VA336 VC670 VE862 VG092 VI850 VN704 VU548 WF876 WS882 YE887 YT175 ZA710 ' +
    'ZM894 ZW716'
  )
    .split(' ')
    .map((entry): [string, number] => [entry.slice(0, 2), Number(entry.slice(2))]),
);
