using System.Text;
using Atenea.Errors;

namespace Atenea.Data.Tests;

/// <summary>Texts in the encodings of the world before UTF-8: recognised, named by hand, or noted as a guess.</summary>
public class EncodingTests
{
    // Articles of the Universal Declaration of Human Rights, as the United Nations publish them.
    private static readonly Dictionary<string, string[]> Declaration = new()
    {
        ["ru"] =
        [
            "Все люди рождаются свободными и равными в своем достоинстве и правах.",
            "Они наделены разумом и совестью и должны поступать в отношении друг друга в духе братства.",
            "Каждый человек имеет право на жизнь, на свободу и на личную неприкосновенность.",
            "Никто не должен содержаться в рабстве или в подневольном состоянии; рабство и работорговля запрещаются во всех их видах.",
        ],
        ["pl"] =
        [
            "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw.",
            "Są oni obdarzeni rozumem i sumieniem i powinni postępować wobec innych w duchu braterstwa.",
            "Każdy człowiek ma prawo do życia, wolności i bezpieczeństwa swej osoby.",
            "Nie wolno nikogo czynić niewolnikiem ani nakładać na nikogo służebności; niewolnictwo i handel niewolnikami są zakazane.",
            "Nie wolno nikogo torturować ani karać lub traktować w sposób okrutny, nieludzki lub poniżający.",
            "Każdy człowiek ma prawo do uznawania wszędzie jego osobowości prawnej.",
            "Wszyscy są równi wobec prawa i mają prawo, bez jakiejkolwiek różnicy, do jednakowej ochrony prawnej.",
            "Nikogo nie wolno samowolnie aresztować, zatrzymać lub wygnać z kraju.",
            "Małżeństwo może być zawarte jedynie za swobodnie wyrażoną pełną zgodą przyszłych małżonków.",
        ],
        ["zh"] =
        [
            "人人生而自由,在尊严和权利上一律平等。",
            "他们赋有理性和良心,并应以兄弟关系的精神相对待。",
            "人人有权享有生命、自由和人身安全。",
            "任何人不得使为奴隶或奴役;一切形式的奴隶制度和奴隶买卖,均应予以禁止。",
        ],
        ["ja"] =
        [
            "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。",
            "人間は、理性と良心とを授けられており、互いに同胞の精神をもって行動しなければならない。",
            "すべて人は、生命、自由及び身体の安全に対する権利を有する。",
            "何人も、奴隷にされ、又は苦役に服することはない。",
        ],
        ["ko"] =
        [
            "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.",
            "인간은 천부적으로 이성과 양심을 부여받았으며 서로 형제애의 정신으로 행동하여야 한다.",
        ],
        ["es"] =
        [
            "Todos los seres humanos nacen libres e iguales en dignidad y derechos y, dotados como están de razón y conciencia, deben "
                + "comportarse fraternalmente los unos con los otros.",
            "Todo individuo tiene derecho a la vida, a la libertad y a la seguridad de su persona.",
            "Nadie estará sometido a esclavitud ni a servidumbre; la esclavitud y la trata de esclavos están prohibidas en todas sus "
                + "formas.",
        ],
        ["de"] =
        [
            "Alle Menschen sind frei und gleich an Würde und Rechten geboren.",
            "Sie sind mit Vernunft und Gewissen begabt und sollen einander im Geiste der Brüderlichkeit begegnen.",
        ],
    };

    [Theory]
    [InlineData("ru", "windows-1251")]
    [InlineData("ru", "koi8-r")]
    [InlineData("pl", "windows-1250")]
    [InlineData("zh", "gb18030")]
    [InlineData("ja", "shift_jis")]
    [InlineData("ja", "euc-jp")]
    [InlineData("ko", "cp949")]
    [InlineData("es", "windows-1252")]
    [InlineData("de", "windows-1252")]
    public void A_text_is_read_in_its_encoding_and_the_guess_is_noted(string language, string encoding)
    {
        using var folder = new TemporaryFolder();
        Dataset data = Dataset.Read(Write(folder, language, encoding));
        Assert.Equal(Declaration[language], data.Column("text"));
        Finding note = Assert.Single(data.Findings, f => f.Code == Catalogue.EncodingGuessed);
        Assert.Contains($"was read as {encoding}", note.Message, StringComparison.Ordinal);
        Assert.Matches("looks like [a-z0-9-]+, [0-9]+ % sure", note.Message);
    }

    [Theory]
    [InlineData("ru", "windows-1251", "cp1251")]
    [InlineData("ru", "windows-1251", "Windows_1251")]
    [InlineData("ru", "iso-8859-5", "iso8859_5")]
    [InlineData("ru", "koi8-r", "koi8_r")]
    [InlineData("ko", "cp949", "cp949")]
    [InlineData("ja", "shift_jis", "sjis")]
    [InlineData("zh", "gb18030", "gbk")]
    [InlineData("es", "iso-8859-1", "latin_1")]
    [InlineData("es", "utf-8", "utf_8_sig")]
    [InlineData("es", "utf-16", "utf16")]
    [InlineData("es", "utf-16BE", "utf_16")]
    public void A_named_encoding_is_taken_at_its_word_under_pythons_names_too(string language, string encoding, string name)
    {
        using var folder = new TemporaryFolder();
        Dataset data = Dataset.Read(Write(folder, language, encoding, hasMark: true), options: new ReadOptions { Encoding = name });
        Assert.Equal(Declaration[language], data.Column("text"));
        Assert.DoesNotContain(data.Findings, f => f.Code == Catalogue.EncodingGuessed);
    }

    [Fact]
    public void A_named_encoding_overrules_what_the_text_looks_like()
    {
        using var folder = new TemporaryFolder();
        string path = Write(folder, "ru", "windows-1251");
        Dataset data = Dataset.Read(path, options: new ReadOptions { Encoding = "windows-1252" });
        Assert.StartsWith("Âñå ëþäè", data.Column("text")[0], StringComparison.Ordinal);
        AteneaException error = Assert.Throws<AteneaException>(() => Dataset.Read(path, options: new ReadOptions { Encoding = "gb18030" }));
        Assert.Equal(Catalogue.TextEncodingInvalid, error.Code);
    }

    [Fact]
    public void A_long_text_that_begins_in_ascii_changes_its_encoding_nowhere()
    {
        using var folder = new TemporaryFolder();
        string[] texts = [.. Enumerable.Repeat("plain words", 9000), .. Enumerable.Repeat(Declaration["zh"], 2000).SelectMany(t => t)];
        string path = Path.Combine(folder.Path, "a.csv");
        File.WriteAllBytes(path, TextEncodings.Find("gb18030")!.GetBytes(Csv(texts)));
        Assert.Equal(texts, Dataset.Read(path).Column("text"));
    }

    [Fact]
    public void Lines_in_two_encodings_are_a_mixture()
    {
        using var folder = new TemporaryFolder();
        byte[] other = TextEncodings.Find("gb18030")!.GetBytes(Csv(Declaration["zh"]));
        string path = Path.Combine(folder.Path, "a.csv");
        File.WriteAllBytes(path, [.. other, .. Encoding.UTF8.GetBytes(Csv(Declaration["zh"]))]);
        AteneaException error = Assert.Throws<AteneaException>(() => Dataset.Read(path));
        Assert.Equal(Catalogue.EncodingMixed, error.Code);
    }

    [Theory]
    [InlineData("¿Qué pasó, señor?")]
    [InlineData("El niño comió piña y jamón.")]
    [InlineData("Où est l'hôtel ?")]
    [InlineData("Ele não está aqui.")]
    public void A_few_words_are_western(string text)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "a.csv");
        File.WriteAllBytes(path, TextEncodings.Windows1252.GetBytes(Csv([text])));
        Assert.Equal([text], Dataset.Read(path).Column("text"));
    }

    private static string Write(TemporaryFolder folder, string language, string encoding, bool hasMark = false)
    {
        string path = Path.Combine(folder.Path, language + ".csv");
        Encoding writer = TextEncodings.Find(encoding) ?? Encoding.UTF8;
        byte[] mark = hasMark ? writer.GetPreamble() : [];
        File.WriteAllBytes(path, [.. mark, .. writer.GetBytes(Csv(Declaration[language]))]);
        return path;
    }

    private static string Csv(IEnumerable<string> texts) => "text,label\n" + string.Concat(texts.Select((t, i) => $"\"{t}\",{i % 2}\n"));
}
