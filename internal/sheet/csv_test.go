package sheet

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
)

// csvCase is one small file and what must be read from it. Cells are joined by
// "|", rows by a line break, and each row begins with its number.
type csvCase struct {
	name  string
	data  string
	opts  Options
	facts string // encoding delimiter line-end decimal
	head  string // header row's number and cells
	rows  string
	notes string // codes
	flaws string // row:code
	err   string // code, or code@place
}

func knownHeaders(names ...string) func(string) bool {
	return func(h string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, strings.TrimSpace(h)) })
	}
}

func offerHeaders() func(string) bool {
	return knownHeaders("offer", "title", "advertiser", "url", "status", "total", "revenue", "countries", "note",
		"payout total", "payout revenue", "cap value", "external_offer_id", "id", "name", "price")
}

func in(e encoding.Encoding, text string) string {
	s, err := e.NewEncoder().String(text)
	if err != nil {
		panic(err)
	}
	return s
}

// in1252 and latin turn UTF-8 into UTF-8 once more, by way of either code page.
func in1252(text string) string { return twice(charmap.Windows1252, text) }
func latin(text string) string  { return twice(charmap.ISO8859_1, text) }

func twice(page *charmap.Charmap, text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		if r := page.DecodeByte(c); r != utf8.RuneError {
			b.WriteRune(r)
		} else {
			b.WriteRune(rune(c)) // as programs do with what a code page lacks
		}
	}
	return b.String()
}

func utf16In(end unicode.Endianness, bom unicode.BOMPolicy, text string) string {
	return in(unicode.UTF16(end, bom), text)
}

const (
	russianRows = "title;price;note\r\nИгра для Android;1,5;Новый оффер\r\nКазино онлайн;2,25;только для России\r\n"
	russianRead = "2 Игра для Android|1,5|Новый оффер\n3 Казино онлайн|2,25|только для России"
	germanRows  = "title;price;note\r\nGrüße aus Köln;1,5;für Österreich\r\nSüße Spiele;2,25;größer\r\n"
	germanRead  = "2 Grüße aus Köln|1,5|für Österreich\n3 Süße Spiele|2,25|größer"
)

func csvCases() []csvCase {
	return slices.Concat(delimiterCases(), lineCases(), quoteCases(), encodingCases(), layoutCases(), errorCases())
}

func delimiterCases() []csvCase {
	return []csvCase{
		{name: "comma", data: "id,name\n1,A\n2,B\n", facts: "utf-8 , lf ", head: "1 id|name", rows: "2 1|A\n3 2|B"},
		{name: "semicolon with decimal commas", data: "id;price;name\n1;1,5;A\n2;2,25;B\n", facts: "utf-8 ; lf ,",
			head: "1 id|price|name", rows: "2 1|1,5|A\n3 2|2,25|B", notes: "dialect"},
		{name: "semicolon with lists of countries", data: "id;countries\n1;US,GB,DE\n2;FR,IT,ES\n3;AT,CH,LI\n", facts: "utf-8 ; lf ",
			head: "1 id|countries", rows: "2 1|US,GB,DE\n3 2|FR,IT,ES\n4 3|AT,CH,LI", notes: "dialect"},
		{name: "comma with lists by semicolon", data: "id,countries\n1,US;GB\n2,FR;IT\n", facts: "utf-8 , lf ",
			head: "1 id|countries", rows: "2 1|US;GB\n3 2|FR;IT"},
		{name: "tab", data: "id\tname\n1\tA, and B\n2\tC\n", facts: "utf-8 tab lf ", head: "1 id|name", rows: "2 1|A, and B\n3 2|C", notes: "dialect"},
		{name: "pipe", data: "id|name|url\n1|A|https://a.example/?x=1,2\n", facts: "utf-8 | lf ", head: "1 id|name|url", rows: "2 1|A|https://a.example/?x=1,2", notes: "dialect"},
		{name: "sep line", data: "sep=;\r\nid;name\r\n1;A,B\r\n", facts: "utf-8 ; crlf ", head: "1 id|name", rows: "2 1|A,B", notes: "dialect"},
		{name: "quoted sep line", data: "\"sep=,\"\nid,name\n1,A\n", facts: "utf-8 , lf ", head: "1 id|name", rows: "2 1|A"},
		{name: "sep tab", data: "SEP=\t\nid\tname\n1\tA\n", facts: "utf-8 tab lf ", head: "1 id|name", rows: "2 1|A", notes: "dialect"},
		{name: "one column", data: "title\nHello\nGood morning\n", facts: "utf-8  lf ", head: "1 title", rows: "2 Hello\n3 Good morning"},
		{name: "one column with commas in some", data: "title\nHello, world\nFoo\nBar\nBaz\nQux\n", facts: "utf-8  lf ",
			head: "1 title", rows: "2 Hello, world\n3 Foo\n4 Bar\n5 Baz\n6 Qux"},
		{name: "delimiter told", data: "id:name\n1:A,B\n", opts: Options{Delimiter: ':'}, facts: "utf-8 : lf ", head: "1 id|name", rows: "2 1|A,B", notes: "dialect"},
		{name: "delimiter by known headers", data: "id;title, advertiser, url\n1;a,b,c\n2;d,e,f\n", opts: Options{Known: knownHeaders("id", "title, advertiser, url")},
			facts: "utf-8 ; lf ", head: "1 id|title, advertiser, url", rows: "2 1|a,b,c\n3 2|d,e,f", notes: "dialect"},
		{name: "decimal point", data: "id,price\n1,1.5\n2,0.125\n", facts: "utf-8 , lf .", head: "1 id|price", rows: "2 1|1.5\n3 2|0.125"},
		{name: "decimal unclear", data: "id;price;cap\n1;1,5;2\n2;2;1.5\n", facts: "utf-8 ; lf ", head: "1 id|price|cap", rows: "2 1|1,5|2\n3 2|2|1.5", notes: "dialect"},
		{name: "thousands are no decimals", data: "id;price\n1;1.500\n2;12.000\n", facts: "utf-8 ; lf ", head: "1 id|price", rows: "2 1|1.500\n3 2|12.000", notes: "dialect"},
		{name: "German thousands and decimals", data: "id;price\n1;1.500,25 €\n2;12,50 €\n", facts: "utf-8 ; lf ,", head: "1 id|price", rows: "2 1|1.500,25 €\n3 2|12,50 €", notes: "dialect"},
		{name: "lists of ids are no decimals", data: "id;affiliates\n1;5,7,12\n2;1,5\n", facts: "utf-8 ; lf ", head: "1 id|affiliates", rows: "2 1|5,7,12\n3 2|1,5", notes: "dialect"},
		{name: "decimal told", data: "id,price\n1,15\n", opts: Options{Decimal: ','}, facts: "utf-8 , lf ,", head: "1 id|price", rows: "2 1|15"},
	}
}

func lineCases() []csvCase {
	return []csvCase{
		{name: "CRLF", data: "id,name\r\n1,A\r\n2,B", facts: "utf-8 , crlf ", head: "1 id|name", rows: "2 1|A\n3 2|B"},
		{name: "CR", data: "id,name\r1,A\r2,B\r", facts: "utf-8 , cr ", head: "1 id|name", rows: "2 1|A\n3 2|B", notes: "dialect"},
		{name: "CR with a break in a cell", data: "id,name\r1,\"A\rB\"\r2,B\r", facts: "utf-8 , cr ", head: "1 id|name", rows: "2 1|A⏎B\n3 2|B", notes: "dialect"},
		{name: "CRs in cells of an LF file", data: "id,name\n1,\"A\rB\rC\rD\"\n2,E\n", facts: "utf-8 , lf ", head: "1 id|name", rows: "2 1|A\rB\rC\rD\n3 2|E"},
		{name: "CRCRLF", data: "id,name\r\r\n1,A\r\r\n2,B\r\r\n", facts: "utf-8 , crcrlf ", head: "1 id|name", rows: "2 1|A\n3 2|B", notes: "dialect"},
		{name: "LF after CRLF", data: "id,name\r\n1,A\n2,B\r\n", facts: "utf-8 , crlf ", head: "1 id|name", rows: "2 1|A\n3 2|B"},
		{name: "line breaks in cells", data: "id,name,note\r\n1,\"A\nB\r\nC\",x\r\n2,\"\n\",\r\n", facts: "utf-8 , crlf ", head: "1 id|name|note", rows: "2 1|A⏎B⏎C|x\n3 2|⏎|"},
		{name: "blank rows around and between", data: "\n\n,,\nid,name,url\n\n1,A,u\n , ,\n2,B,v\n\n,,\n", facts: "utf-8 , lf ", head: "4 id|name|url", rows: "6 1|A|u\n8 2|B|v"},
		{name: "DOS end of file", data: "id,name\r\n1,A\r\n\x1a", facts: "utf-8 , crlf ", head: "1 id|name", rows: "2 1|A"},
		{name: "no last line end", data: "id,name\n1,A", facts: "utf-8 , lf ", head: "1 id|name", rows: "2 1|A"},
	}
}

func quoteCases() []csvCase {
	return []csvCase{
		{name: "doubled quotes", data: "id,name\n1,\"say \"\"hi\"\", ok\"\n2,\"\"\"\"\n", facts: "utf-8 , lf ", head: "1 id|name", rows: "2 1|say \"hi\", ok\n3 2|\""},
		{name: "backslashes before quotes", data: "id,name\n1,\"say \\\"hi\\\", ok\"\n2,\"C:\\\\dir\"\n", facts: "utf-8 , lf ", head: "1 id|name",
			rows: "2 1|say \"hi\", ok\n3 2|C:\\dir", notes: "dialect"},
		{name: "two backslashes before quotes", data: "id,name\n1,\"say \\\\\"hi\\\\\", ok\"\n2,B\n", facts: "utf-8 , lf ", head: "1 id|name",
			rows: "2 1|say \"hi\", ok\n3 2|B", notes: "dialect"},
		{name: "backslashes in bare cells", data: "id,name\n1,say \\\"hi\\\"\\, ok\n2,C:\\\\dir\n", facts: "utf-8 , lf ", head: "1 id|name",
			rows: "2 1|say \"hi\", ok\n3 2|C:\\dir", notes: "dialect"},
		{name: "two backslashes in bare cells", data: "id,name\n1,say \\\\\"hi\\\\\" now\n2,B\n", facts: "utf-8 , lf ", head: "1 id|name",
			rows: "2 1|say \"hi\" now\n3 2|B", notes: "dialect"},
		{name: "backslashes without quotes", data: "id,dir\n1,C:\\new\\\n2,\\\\server\\x\n", facts: "utf-8 , lf ", head: "1 id|dir",
			rows: "2 1|C:\\new\\\n3 2|\\\\server\\x"},
		{name: "a path that ends in a backslash", data: "id,dir,note\n1,\"C:\\dir\\\",x\n2,\"D:\\\",\"y\"\n", facts: "utf-8 , lf ", head: "1 id|dir|note",
			rows: "2 1|C:\\dir\\|x\n3 2|D:\\|y"},
		{name: "blank before a quote", data: "id, name, note\n1, \"A, B\", x\n2, \"C\" , y\n", facts: "utf-8 , lf ", head: "1 id| name| note", rows: "2 1|A, B| x\n3 2|C| y"},
		{name: "quoted words after a blank", data: "id,name,note\n1, \"Big\" sale,x\n", facts: "utf-8 , lf ", head: "1 id|name|note", rows: "2 1| \"Big\" sale|x"},
		{name: "quotes inside bare cells", data: "id,name\n1,TV 55\"\n2,a \"b\" c\n", facts: "utf-8 , lf ", head: "1 id|name", rows: "2 1|TV 55\"\n3 2|a \"b\" c"},
		{name: "stray quote in a quoted cell", data: "id,name\n1,\"say \"hi\" now\"\n2,B\n", facts: "utf-8 , lf ", head: "1 id|name",
			rows: "2 1|say \"hi\" now\n3 2|B", flaws: "2:stray_quote"},
		{name: "quoted word at the start of a bare cell", data: "id,name,note\n1,\"Big\" sale,x\n2,B,y\n", facts: "utf-8 , lf ", head: "1 id|name|note",
			rows: "2 1|\"Big\" sale|x\n3 2|B|y", flaws: "2:stray_quote"},
		{name: "all quoted", data: "\"id\",\"name\"\n\"1\",\"A\"\n", facts: "utf-8 , lf ", head: "1 id|name", rows: "2 1|A"},
	}
}

func encodingCases() []csvCase {
	return []csvCase{
		{name: "UTF-8", data: russianRows, facts: "utf-8 ; crlf ,", head: "1 title|price|note", rows: russianRead, notes: "dialect"},
		{name: "UTF-8 with a mark", data: bom8 + russianRows, facts: "utf-8-bom ; crlf ,", head: "1 title|price|note", rows: russianRead, notes: "dialect"},
		{name: "UTF-16LE with a mark", data: utf16In(unicode.LittleEndian, unicode.UseBOM, russianRows), facts: "utf-16le ; crlf ,",
			head: "1 title|price|note", rows: russianRead, notes: "dialect"},
		{name: "UTF-16BE with a mark", data: utf16In(unicode.BigEndian, unicode.UseBOM, russianRows), facts: "utf-16be ; crlf ,",
			head: "1 title|price|note", rows: russianRead, notes: "dialect"},
		{name: "UTF-16LE without a mark", data: utf16In(unicode.LittleEndian, unicode.IgnoreBOM, russianRows), facts: "utf-16le ; crlf ,",
			head: "1 title|price|note", rows: russianRead, notes: "dialect"},
		{name: "UTF-16BE without a mark", data: utf16In(unicode.BigEndian, unicode.IgnoreBOM, russianRows), facts: "utf-16be ; crlf ,",
			head: "1 title|price|note", rows: russianRead, notes: "dialect"},
		{name: "Unicode text of Excel", data: utf16In(unicode.LittleEndian, unicode.UseBOM, "id\tname\r\n1\t😀 ok\r\n"), facts: "utf-16le tab crlf ",
			head: "1 id|name", rows: "2 1|😀 ok", notes: "dialect"},
		{name: "Windows-1251", data: in(charmap.Windows1251, russianRows), facts: "windows-1251 ; crlf ,", head: "1 title|price|note", rows: russianRead, notes: "encoding dialect"},
		{name: "Windows-1251, all capitals", data: in(charmap.Windows1251, "id,name\n1,ОФФЕР ИГРА НОВЫЙ\n2,ВЫПЛАТА\n"), facts: "windows-1251 , lf ",
			head: "1 id|name", rows: "2 1|ОФФЕР ИГРА НОВЫЙ\n3 2|ВЫПЛАТА", notes: "encoding_doubt"},
		{name: "Windows-1251, one word among many rows", data: in(charmap.Windows1251, "id,name\n"+strings.Repeat("1,A\n", 40)+"2,Казино\n"), facts: "windows-1251 , lf ",
			head: "1 id|name", rows: strings.Repeat("", 1) + "…42 2|Казино", notes: "encoding"},
		{name: "Windows-1251, Ukrainian", data: in(charmap.Windows1251, "id,name\n1,Грошова винагорода за її дії\n2,Київ і Львів\n"), facts: "windows-1251 , lf ",
			head: "1 id|name", rows: "2 1|Грошова винагорода за її дії\n3 2|Київ і Львів", notes: "encoding"},
		{name: "Windows-1252, German", data: in(charmap.Windows1252, germanRows), facts: "windows-1252 ; crlf ,", head: "1 title|price|note", rows: germanRead, notes: "encoding dialect"},
		{name: "Windows-1252, euro and quotes", data: in(charmap.Windows1252, "id,name\n1,5€ “off” – don’t miss\n2,10 €\n"), facts: "windows-1252 , lf ",
			head: "1 id|name", rows: "2 1|5€ “off” – don’t miss\n3 2|10 €", notes: "encoding"},
		{name: "Windows-1252, French", data: in(charmap.Windows1252, "id,name\n1,Jeux vidéo à gagner dès l’été\n2,Ça marche où ? « ici »\n"), facts: "windows-1252 , lf ",
			head: "1 id|name", rows: "2 1|Jeux vidéo à gagner dès l’été\n3 2|Ça marche où ? « ici »", notes: "encoding"},
		{name: "Windows-1252, one accent", data: "id,name\n1,Caf\xe9\n", facts: "windows-1252 , lf ", head: "1 id|name", rows: "2 1|Café", notes: "encoding"},
		{name: "ISO-8859-1, Spanish", data: in(charmap.ISO8859_1, "id,name\n1,¿Dónde está el niño?\n2,Acción\n"), facts: "windows-1252 , lf ",
			head: "1 id|name", rows: "2 1|¿Dónde está el niño?\n3 2|Acción", notes: "encoding"},
		{name: "ISO-8859-2, Polish", data: in(charmap.ISO8859_2, "id,name\n1,Zażółć gęślą jaźń\n2,Tytuł gry są śmieszne\n"), facts: "iso-8859-2 , lf ",
			head: "1 id|name", rows: "2 1|Zażółć gęślą jaźń\n3 2|Tytuł gry są śmieszne", notes: "encoding"},
		{name: "Windows-1250, Czech", data: in(charmap.Windows1250, "id,name\n1,Příliš žluťoučký kůň\n2,Nejlepší hry zdarma\n"), facts: "windows-1250 , lf ",
			head: "1 id|name", rows: "2 1|Příliš žluťoučký kůň\n3 2|Nejlepší hry zdarma", notes: "encoding"},
		{name: "ISO-8859-5", data: in(charmap.ISO8859_5, russianRows), facts: "iso-8859-5 ; crlf ,", head: "1 title|price|note", rows: russianRead, notes: "encoding dialect"},
		{name: "ISO-8859-15", data: in(charmap.ISO8859_15, "id,name\n1,Prix 5 €\n2,Cœur à gagner\n"), facts: "iso-8859-15 , lf ",
			head: "1 id|name", rows: "2 1|Prix 5 €\n3 2|Cœur à gagner", notes: "encoding_doubt"},
		{name: "Windows-1256, Arabic", data: in(charmap.Windows1256, "id,name\n1,عرض التسجيل في الألعاب\n2,تطبيق تداول العملات\n"), facts: "windows-1256 , lf ",
			head: "1 id|name", rows: "2 1|عرض التسجيل في الألعاب\n3 2|تطبيق تداول العملات", notes: "encoding"},
		{name: "ISO-8859-9, Turkish", data: in(charmap.Windows1254, "id,name\n1,Şans oyunları için kayıt\n2,Çağrı ödülü\n"), facts: "windows-1254 , lf ",
			head: "1 id|name", rows: "2 1|Şans oyunları için kayıt\n3 2|Çağrı ödülü", notes: "encoding"},
		{name: "Shift-JIS", data: in(japanese.ShiftJIS, "id,name\n1,日本のゲーム\n2,ソフトを表示\n"), facts: "shift-jis , lf ",
			head: "1 id|name", rows: "2 1|日本のゲーム\n3 2|ソフトを表示", notes: "encoding_doubt"},
		{name: "KOI8-R told", data: in(charmap.KOI8R, russianRows), opts: Options{Encoding: "KOI8-R"}, facts: "koi8-r ; crlf ,",
			head: "1 title|price|note", rows: russianRead, notes: "dialect"},
		{name: "IBM866 told", data: in(charmap.CodePage866, russianRows), opts: Options{Encoding: "cp866"}, facts: "ibm866 ; crlf ,",
			head: "1 title|price|note", rows: russianRead, notes: "dialect"},
		{name: "Windows-1250, Hungarian", data: in(charmap.Windows1250, "id,name\n1,Őszi gyümölcs vásár\n2,Hűtő akció\n"), facts: "windows-1250 , lf ",
			head: "1 id|name", rows: "2 1|Őszi gyümölcs vásár\n3 2|Hűtő akció", notes: "encoding_doubt"},
		{name: "Windows-1252, French with û", data: in(charmap.Windows1252, "id,name\n1,Goûtez le mois d’août\n2,Sûreté à la plage\n"), facts: "windows-1252 , lf ",
			head: "1 id|name", rows: "2 1|Goûtez le mois d’août\n3 2|Sûreté à la plage", notes: "encoding"},
		{name: "Mac Cyrillic", data: in(charmap.MacintoshCyrillic, "id,name\n1,ФОРЕКС И СТАВКИ\n2,Доставка еды\n"), facts: "x-mac-cyrillic , lf ",
			head: "1 id|name", rows: "2 1|ФОРЕКС И СТАВКИ\n3 2|Доставка еды", notes: "encoding"},
		{name: "Mac Roman, one ñ", data: "id,name\n1,Espa\x96a\n", facts: "windows-1252 , lf ", head: "1 id|name", rows: "2 1|Espa–a", notes: "encoding_doubt"},
		{name: "short Arabic", data: "id,name\n1,\xde\xd1\xd6 \xd3\xd1\xed\xda\n", facts: "windows-1256 , lf ", head: "1 id|name", rows: "2 1|قرض سريع", notes: "encoding_doubt"},
		{name: "UTF-8 twice, Russian", data: latin("id,name\n1,Игра Остров\n2,a\n"), facts: "utf-8-twice , lf ", head: "1 id|name",
			rows: "2 1|Игра Остров\n3 2|a", notes: "encoded_twice"},
		{name: "UTF-8 twice, German with a mark", data: bom8 + in1252("\xef\xbb\xbfid,name\n1,Größe “5 €”\n"), facts: "utf-8-twice , lf ", head: "1 id|name",
			rows: "2 1|Größe “5 €”", notes: "encoded_twice"},
		{name: "UTF-8 twice, told not to undo", data: latin("id,name\n1,Größe\n"), opts: Options{Encoding: "utf-8"}, facts: "utf-8 , lf ", head: "1 id|name",
			rows: "2 1|GrÃ¶Ã\u009fe"},
		{name: "UTF-8 with a word that was garbled", data: "id,name\n1,GrÃ¶ÃŸe\n" + strings.Repeat("2,Größe\n", 3), facts: "utf-8 , lf ", head: "1 id|name",
			rows: "2 1|GrÃ¶ÃŸe" + "\n3 2|Größe\n4 2|Größe\n5 2|Größe"},
		{name: "KOI8-R not told", data: in(charmap.KOI8R, russianRows), err: "bad_encoding"},
		{name: "IBM866 not told", data: in(charmap.CodePage866, russianRows), err: "bad_encoding"},
		{name: "1251 told for a file with few letters", data: "id,name\n1,\xc4\xe0\n", opts: Options{Encoding: "windows-1251"}, facts: "windows-1251 , lf ",
			head: "1 id|name", rows: "2 1|Да"},
		{name: "a mark beats what was told", data: bom8 + "id,name\n1,Да\n", opts: Options{Encoding: "windows-1251"}, facts: "utf-8-bom , lf ", head: "1 id|name", rows: "2 1|Да"},
		{name: "characters lost before", data: "id,name\n1,A\n2,Caf\ufffd\n", facts: "utf-8 , lf ", head: "1 id|name", rows: "2 1|A\n3 2|Caf\ufffd", notes: "lost_characters"},
		{name: "UTF-8 with one broken line", data: "id,name\n" + strings.Repeat("1,Ёлка\n", 9) + "2,Caf\xe9\n", err: "bad_encoding@line 11"},
		{name: "told UTF-8 and is not", data: "id,name\n1,A\n2,Caf\xe9\n", opts: Options{Encoding: "utf-8"}, err: "bad_encoding@line 3"},
		{name: "told 1252 with a byte it lacks", data: "id,name\n1,A\x81\n", opts: Options{Encoding: "windows-1252"}, err: "bad_encoding@line 2"},
		{name: "half a UTF-16 character", data: "\xff\xfei\x00,\x00n\x00\n\x001\x00,\x00A", err: "bad_encoding@line 2"},
		{name: "lone surrogate", data: "\xff\xfei\x00,\x00n\x00\n\x001\x00,\x00\x00\xd8\n\x00", err: "bad_encoding@line 2"},
		{name: "UTF-32", data: "\xff\xfe\x00\x00i\x00\x00\x00", err: "bad_encoding"},
		{name: "unknown encoding told", data: "id,name\n1,A\n", opts: Options{Encoding: "klingon"}, err: "bad_option"},
	}
}

func layoutCases() []csvCase {
	known := Options{Known: offerHeaders()}
	return []csvCase{
		{name: "titles above the header", data: "My network\nExported 2026-11-23,,\n\ntitle,url,status\nA,u,active\n", opts: known, facts: "utf-8 , lf ",
			head: "4 title|url|status", rows: "5 A|u|active", notes: "header_row"},
		{name: "titles above, nothing known", data: "My network\nExported 2026-11-23\n\nfoo,bar,baz\nA,1,x\nB,2,y\n", facts: "utf-8 , lf ",
			head: "4 foo|bar|baz", rows: "5 A|1|x\n6 B|2|y", notes: "header_row"},
		{name: "header row told", data: "a,b\nc,d\nid,name\n1,A\n", opts: Options{HeaderRow: 3}, facts: "utf-8 , lf ", head: "3 id|name", rows: "4 1|A"},
		{name: "header row told past the end", data: "a,b\nc,d\n", opts: Options{HeaderRow: 9}, err: "no_header"},
		{name: "two header rows", data: "title,Payout,,Cap\n,total,revenue,value\nA,5,3,100\n", opts: known, facts: "utf-8 , lf ",
			head: "2 title|total|revenue|Cap value", rows: "3 A|5|3|100", notes: "header_joined"},
		{name: "second table below", data: "title,url,status\nA,u,active\n\noffer,total,revenue\nA,5,3\n", opts: known, facts: "utf-8 , lf ",
			head: "1 title|url|status", rows: "2 A|u|active"},
		{name: "trailing delimiters everywhere", data: "id,name,\n1,A,\n2,B,\n", facts: "utf-8 , lf ", head: "1 id|name|", rows: "2 1|A|\n3 2|B|"},
		{name: "trailing delimiters in rows", data: "id,name\n1,A,\n2,B,\n", facts: "utf-8 , lf ", head: "1 id|name", rows: "2 1|A|\n3 2|B|"},
		{name: "blanks left out at the end of rows", data: "id,name,note\n1,A\n2,B\n3,C,x\n4,D\n", facts: "utf-8 , lf ", head: "1 id|name|note",
			rows: "2 1|A\n3 2|B\n4 3|C|x\n5 4|D"},
		{name: "Excel leaves out delimiters block by block", data: "id,name,note\n" + strings.Repeat("1,A,\n", 14) + "1,B,x\n" + strings.Repeat("2,C\n", 16),
			facts: "utf-8 , lf ", head: "1 id|name|note", rows: "…32 2|C"},
		{name: "a column without a name", data: "id,,name\n1,x,A\n2,,B\n", facts: "utf-8 , lf ", head: "1 id||name", rows: "2 1|x|A\n3 2||B", notes: "unnamed_column"},
		{name: "the header stands again", data: "id,name\n1,A\nid,name\n2,B\n", facts: "utf-8 , lf ", head: "1 id|name", rows: "2 1|A\n4 2|B",
			notes: "repeated_header"},
		{name: "files joined with their marks", data: bom8 + "id,name\n1,A\n" + bom8 + "id,name\n2,B\n", facts: "utf-8-bom , lf ", head: "1 id|name",
			rows: "2 1|A\n4 2|B", notes: "repeated_header"},
		{name: "too many cells", data: "id,name,note\n1,A,x\n2,B, Inc,y\n3,C,z\n", facts: "utf-8 , lf ", head: "1 id|name|note",
			rows: "2 1|A|x\n3 2|B| Inc|y\n4 3|C|z", flaws: "3:ragged_row"},
		{name: "too many cells, the last blank", data: "id,name,note\n1,A,x\n2,B, Inc,\n3,C,\n4,D,z\n", facts: "utf-8 , lf ", head: "1 id|name|note",
			rows: "2 1|A|x\n3 2|B| Inc|\n4 3|C|\n5 4|D|z", flaws: "3:ragged_row"},
		{name: "a comma without quotes before a blank header", data: "id,name,\n1,A,\n2,B, Inc\n3,C,\n4,D,\n5,E,\n6,F,\n7,G,\n8,H,\n9,I,\n10,J,\n", facts: "utf-8 , lf ",
			head: "1 id|name|", rows: "…11 10|J|", flaws: "3:ragged_row"},
		{name: "short rows beside rows that end with a blank", data: "id,name,note\n1,A,\n2,B\n3,C\n4,D,\n5,E,x\n", facts: "utf-8 , lf ", head: "1 id|name|note",
			rows: "2 1|A|\n3 2|B\n4 3|C\n5 4|D|\n6 5|E|x", flaws: "3:ragged_row 4:ragged_row"},
		{name: "the names divided otherwise than the rows", data: "id;title;url;note\n1,A,u,\n2,B,u,x\n", opts: Options{Known: offerHeaders()}, facts: "utf-8 ; lf ", head: "1 id|title|url|note",
			rows: "2 1,A,u,\n3 2,B,u,x", flaws: "2:ragged_row 3:ragged_row", notes: "dialect"},
		{name: "a name less than cells", data: "id,title,url\n1,7,A,u\n2,8,B,u\n", opts: Options{Known: offerHeaders()}, facts: "utf-8 , lf ", head: "1 id|title|url",
			rows: "2 1|7|A|u\n3 2|8|B|u", flaws: "2:ragged_row 3:ragged_row"},
		{name: "too few cells", data: "id,name,note\n1,A,x\n2,B\n3,C,z\n", facts: "utf-8 , lf ", head: "1 id|name|note",
			rows: "2 1|A|x\n3 2|B\n4 3|C|z", flaws: "3:ragged_row"},
	}
}

func errorCases() []csvCase {
	return []csvCase{
		{name: "unclosed quote", data: "id,name\n1,A\n2,\"B\n3,C\n4,D\n", facts: "utf-8 , lf ", head: "1 id|name", rows: "2 1|A", err: "unclosed_quote@line 3"},
		{name: "unclosed quote that meets another", data: "id,name\n1,\"A\n2,\"B\"\n3,C\n", facts: "utf-8 , lf ", head: "1 id|name", err: "unclosed_quote@line 2"},
		{name: "unclosed quote that a later inch sign closes", data: "id,name,a,b\n1,\"A,x,y\n2,B,x,y\n3,TV 5\",x,y\n4,D,x,y\n", facts: "utf-8 , lf ",
			head: "1 id|name|a|b", rows: "2 1|A,x,y⏎2,B,x,y⏎3,TV 5|x|y\n3 4|D|x|y", flaws: "2:unclosed_quote"},
		{name: "texts as formulas", data: "id,name,note\n=\"00123\",\"=\"\"A \"\"\"\"x\"\"\"\"\"\"\",=\"\"\n=1+1,=\"a\"\"b\"&\"c\",x\n", facts: "utf-8 , lf ", head: "1 id|name|note",
			rows: "2 00123|A \"x\"|\n3 =1+1|=\"a\"\"b\"&\"c\"|x"},
		{name: "NUL byte", data: "id,name\n1,A\x00B\n2,C\n", facts: "utf-8 , lf ", head: "1 id|name", rows: "2 1|A\x00B\n3 2|C", flaws: "2:nul_byte"},
		{name: "NUL bytes to the end", data: "id,name\n1,A\n" + strings.Repeat("\x00", 300), err: "nul_byte@line 3"},
		{name: "empty", data: "", err: "empty_file"},
		{name: "only a mark", data: bom8, err: "empty_file"},
		{name: "only blanks", data: " \n\n,,,\n", err: "empty_file"},
		{name: "no rows", data: "id,name\n", err: "no_rows"},
		{name: "no rows but blank ones", data: "id,name\n,\n\n", err: "no_rows"},
		{name: "bad delimiter told", data: "id,name\n1,A\n", opts: Options{Delimiter: '§'}, err: "bad_option"},
		{name: "too many columns", data: "a,b,c\n1,2,3\n", opts: Options{Limits: Limits{Columns: 2}}, err: "too_large@line 1"},
		{name: "too long a cell", data: "a,b\n1,123456789\n", opts: Options{Limits: Limits{CellLength: 5}}, facts: "utf-8 , lf ", head: "1 a|b", err: "too_large@line 2"},
		{name: "too many rows", data: "a,b\n1,2\n3,4\n5,6\n", opts: Options{Limits: Limits{Rows: 2}}, facts: "utf-8 , lf ", head: "1 a|b", rows: "2 1|2\n3 3|4", err: "too_large@line 4"},
		{name: "rows in quotes as a whole", data: "\"id,title,url\"\n\"1,A,u\"\n", opts: Options{Known: offerHeaders()}, err: "dialect@row 1"},
		{name: "an unusual delimiter", data: "id^title^url\n1^A^u\n", opts: Options{Known: offerHeaders()}, err: "dialect@row 1"},
		{name: "blanks between the cells", data: "id   title   url\n1   A   u\n", opts: Options{Known: offerHeaders()}, err: "dialect@row 1"},
		{name: "an unusual delimiter told", data: "id^title\n1^A\n", opts: Options{Known: offerHeaders(), Delimiter: '^'}, facts: "utf-8 ^ lf ", head: "1 id|title", rows: "2 1|A", notes: "dialect"},
		{name: "one column whose name has a blank", data: "payout total\n1\n", opts: Options{Known: offerHeaders()}, facts: "utf-8  lf ", head: "1 payout total", rows: "2 1"},
		{name: "tar", data: strings.Repeat("a", 257) + "ustar\x0000" + strings.Repeat("\x00", 300), err: "archive"},
		{name: "HTML", data: "<html><table><tr><td>1</td></tr></table></html>", err: "html"},
		{name: "HTML in UTF-16", data: utf16In(unicode.LittleEndian, unicode.UseBOM, "<html>\n<table><tr><td>1</td></tr></table></html>"), err: "html"},
		{name: "XML of Excel 2003", data: `<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">`, err: "xml_2003"},
		{name: "XML", data: `<?xml version="1.0"?><offers><offer/></offers>`, err: "not_a_sheet"},
		{name: "PDF", data: "%PDF-1.7\n", err: "pdf"},
		{name: "PNG", data: "\x89PNG\r\n\x1a\n", err: "image"},
		{name: "gzip", data: "\x1f\x8b\x08\x00", err: "archive"},
		{name: "noise", data: strings.Repeat("\x01\x02\x07\x0e\xff", 50), err: "not_a_sheet"},
	}
}

func TestCSV(t *testing.T) {
	for _, c := range csvCases() {
		t.Run(c.name, func(t *testing.T) {
			got := readCase(t, c)
			c.data, c.opts = "", Options{}
			if rest, last := strings.CutPrefix(c.rows, "…"); last {
				got.rows = got.rows[strings.LastIndexByte(got.rows, '\n')+1:]
				c.rows = rest
			}
			if diff := cmp.Diff(c, got, cmp.AllowUnexported(csvCase{}), cmp.Comparer(func(a, b Options) bool { return true })); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// readCase reads a case's data twice, which must give the same.
func readCase(t *testing.T, c csvCase) csvCase {
	t.Helper()
	path := filepath.Join(t.TempDir(), "offers.csv")
	if err := os.WriteFile(path, []byte(c.data), 0o600); err != nil {
		t.Fatal(err)
	}
	got := csvCase{name: c.name}
	book, err := Open([]string{path}, c.opts)
	if err != nil {
		got.err = errorCode(t, err)
		return got
	}
	defer book.Close()
	table := book.Tables[0]
	f := table.Facts
	got.facts = strings.Join([]string{f.Encoding, f.Delimiter, f.LineEnd, f.Decimal}, " ")
	got.head = rowText(Row{Number: table.HeaderRow, Cells: table.Header})
	got.notes = codes(table.Notes)
	got.rows, got.flaws, got.err = tableText(t, table)
	if rows, flaws, code := tableText(t, table); rows != got.rows || flaws != got.flaws || code != got.err {
		t.Errorf("the second reading gave %q %q %q", rows, flaws, code)
	}
	return got
}

func errorCode(t *testing.T, err error) string {
	t.Helper()
	var e *FileError
	if !errors.As(err, &e) {
		t.Fatalf("%v is a %T, not a FileError", err, err)
	}
	if e.File == "" || e.Text == "" || strings.HasSuffix(e.Text, ".") {
		t.Errorf("%#v: blank file or text, or a full stop", e)
	}
	if e.Place != "" {
		return e.Code + "@" + e.Place
	}
	return e.Code
}

func codes(notes []Message) string {
	var list []string
	for _, n := range notes {
		list = append(list, n.Code)
	}
	return strings.Join(list, " ")
}

func rowText(r Row) string {
	var texts []string
	for _, c := range r.Cells {
		texts = append(texts, strings.ReplaceAll(c.Text, "\n", "⏎"))
	}
	return strings.TrimPrefix(Address(0, r.Number), "A") + " " + strings.Join(texts, "|")
}

func tableText(t *testing.T, table *Table) (rows, flaws, code string) {
	t.Helper()
	var texts, flawed []string
	for row, err := range table.Rows() {
		if err != nil {
			code = errorCode(t, err)
			continue
		}
		texts = append(texts, rowText(row))
		for _, f := range row.Flaws {
			flawed = append(flawed, strings.TrimPrefix(Address(0, row.Number), "A")+":"+f.Code)
		}
	}
	return strings.Join(texts, "\n"), strings.Join(flawed, " "), code
}
