package sandbox

// countryTable is ISO 3166-1: each line a code and a name.
const countryTable = `AF Afghanistan
AX Åland Islands
AL Albania
DZ Algeria
AS American Samoa
AD Andorra
AO Angola
AI Anguilla
AQ Antarctica
AG Antigua and Barbuda
AR Argentina
AM Armenia
AW Aruba
AU Australia
AT Austria
AZ Azerbaijan
BS Bahamas
BH Bahrain
BD Bangladesh
BB Barbados
BY Belarus
BE Belgium
BZ Belize
BJ Benin
BM Bermuda
BT Bhutan
BO Bolivia
BQ Bonaire, Sint Eustatius and Saba
BA Bosnia and Herzegovina
BW Botswana
BV Bouvet Island
BR Brazil
IO British Indian Ocean Territory
BN Brunei
BG Bulgaria
BF Burkina Faso
BI Burundi
CV Cabo Verde
KH Cambodia
CM Cameroon
CA Canada
KY Cayman Islands
CF Central African Republic
TD Chad
CL Chile
CN China
CX Christmas Island
CC Cocos (Keeling) Islands
CO Colombia
KM Comoros
CG Congo
CD Congo (Democratic Republic)
CK Cook Islands
CR Costa Rica
CI Côte d'Ivoire
HR Croatia
CU Cuba
CW Curaçao
CY Cyprus
CZ Czechia
DK Denmark
DJ Djibouti
DM Dominica
DO Dominican Republic
EC Ecuador
EG Egypt
SV El Salvador
GQ Equatorial Guinea
ER Eritrea
EE Estonia
SZ Eswatini
ET Ethiopia
FK Falkland Islands
FO Faroe Islands
FJ Fiji
FI Finland
FR France
GF French Guiana
PF French Polynesia
TF French Southern Territories
GA Gabon
GM Gambia
GE Georgia
DE Germany
GH Ghana
GI Gibraltar
GR Greece
GL Greenland
GD Grenada
GP Guadeloupe
GU Guam
GT Guatemala
GG Guernsey
GN Guinea
GW Guinea-Bissau
GY Guyana
HT Haiti
HM Heard Island and McDonald Islands
VA Holy See
HN Honduras
HK Hong Kong
HU Hungary
IS Iceland
IN India
ID Indonesia
IR Iran
IQ Iraq
IE Ireland
IM Isle of Man
IL Israel
IT Italy
JM Jamaica
JP Japan
JE Jersey
JO Jordan
KZ Kazakhstan
KE Kenya
KI Kiribati
KP North Korea
KR South Korea
KW Kuwait
KG Kyrgyzstan
LA Laos
LV Latvia
LB Lebanon
LS Lesotho
LR Liberia
LY Libya
LI Liechtenstein
LT Lithuania
LU Luxembourg
MO Macao
MG Madagascar
MW Malawi
MY Malaysia
MV Maldives
ML Mali
MT Malta
MH Marshall Islands
MQ Martinique
MR Mauritania
MU Mauritius
YT Mayotte
MX Mexico
FM Micronesia
MD Moldova
MC Monaco
MN Mongolia
ME Montenegro
MS Montserrat
MA Morocco
MZ Mozambique
MM Myanmar
NA Namibia
NR Nauru
NP Nepal
NL Netherlands
NC New Caledonia
NZ New Zealand
NI Nicaragua
NE Niger
NG Nigeria
NU Niue
NF Norfolk Island
MK North Macedonia
MP Northern Mariana Islands
NO Norway
OM Oman
PK Pakistan
PW Palau
PS Palestine
PA Panama
PG Papua New Guinea
PY Paraguay
PE Peru
PH Philippines
PN Pitcairn
PL Poland
PT Portugal
PR Puerto Rico
QA Qatar
RE Réunion
RO Romania
RU Russia
RW Rwanda
BL Saint Barthélemy
SH Saint Helena
KN Saint Kitts and Nevis
LC Saint Lucia
MF Saint Martin
PM Saint Pierre and Miquelon
VC Saint Vincent and the Grenadines
WS Samoa
SM San Marino
ST Sao Tome and Principe
SA Saudi Arabia
SN Senegal
RS Serbia
SC Seychelles
SL Sierra Leone
SG Singapore
SX Sint Maarten
SK Slovakia
SI Slovenia
SB Solomon Islands
SO Somalia
ZA South Africa
GS South Georgia and the South Sandwich Islands
SS South Sudan
ES Spain
LK Sri Lanka
SD Sudan
SR Suriname
SJ Svalbard and Jan Mayen
SE Sweden
CH Switzerland
SY Syria
TW Taiwan
TJ Tajikistan
TZ Tanzania
TH Thailand
TL Timor-Leste
TG Togo
TK Tokelau
TO Tonga
TT Trinidad and Tobago
TN Tunisia
TR Türkiye
TM Turkmenistan
TC Turks and Caicos Islands
TV Tuvalu
UG Uganda
UA Ukraine
AE United Arab Emirates
GB United Kingdom
US United States
UM United States Minor Outlying Islands
UY Uruguay
UZ Uzbekistan
VU Vanuatu
VE Venezuela
VN Vietnam
VG Virgin Islands (British)
VI Virgin Islands (U.S.)
WF Wallis and Futuna
EH Western Sahara
YE Yemen
ZM Zambia
ZW Zimbabwe`

// rateTable is what one US dollar was worth in late 2025, roughly: each line an ISO 4217 code and a rate.
const rateTable = `AED 3.6725
AFN 66.2
ALL 82.9
AMD 382.1
AOA 917
ARS 1425
AUD 1.53
AWG 1.79
AZN 1.7
BAM 1.68
BBD 2
BDT 122.1
BGN 1.68
BHD 0.376
BIF 2950
BMD 1
BND 1.29
BOB 6.91
BRL 5.34
BSD 1
BTN 88.6
BWP 13.4
BYN 3.41
BZD 2.01
CAD 1.4
CDF 2210
CHF 0.8
CLP 932
CNY 7.11
COP 3790
CRC 500.4
CUP 24
CVE 94.9
CZK 20.8
DJF 177.72
DKK 6.43
DOP 63.4
DZD 130.3
EGP 47.2
ERN 15
ETB 154.2
EUR 0.86
FJD 2.28
FKP 0.76
GBP 0.76
GEL 2.7
GHS 11
GIP 0.76
GMD 73
GNF 8680
GTQ 7.66
GYD 209
HKD 7.78
HNL 26.3
HTG 130.9
HUF 329.6
IDR 16650
ILS 3.25
INR 88.6
IQD 1310
IRR 42100
ISK 127.2
JMD 160.6
JOD 0.709
JPY 154.9
KES 129.4
KGS 87.4
KHR 4020
KMF 423
KPW 900
KRW 1460
KWD 0.307
KYD 0.83
KZT 519.5
LAK 21700
LBP 89500
LKR 306.8
LRD 180
LSL 17.2
LYD 5.46
MAD 9.27
MDL 17
MGA 4480
MKD 52.9
MMK 2100
MNT 3570
MOP 8.01
MRU 39.7
MUR 45.9
MVR 15.4
MWK 1735
MXN 18.4
MYR 4.13
MZN 63.9
NAD 17.2
NGN 1446
NIO 36.8
NOK 10.1
NPR 141.8
NZD 1.77
OMR 0.385
PAB 1
PEN 3.37
PGK 4.23
PHP 58.9
PKR 282.5
PLN 3.64
PYG 7050
QAR 3.64
RON 4.37
RSD 100.8
RUB 81.1
RWF 1453
SAR 3.75
SBD 8.23
SCR 13.9
SDG 601.5
SEK 9.46
SGD 1.3
SHP 0.76
SLE 23.2
SOS 571
SRD 38.6
SSP 4650
STN 21.1
SVC 8.75
SYP 11060
SZL 17.2
THB 32.4
TJS 9.24
TMT 3.5
TND 2.95
TOP 2.37
TRY 42.3
TTD 6.78
TWD 31.1
TZS 2445
UAH 42.1
UGX 3620
USD 1
UYU 39.8
UZS 11980
VES 233.1
VND 26340
VUV 122
WST 2.77
XAF 565
XCD 2.7
XOF 565
XPF 102.8
YER 238.5
ZAR 17.2
ZMW 22.7
ZWG 26.4`
