using System.Globalization;
using System.Text;
using Atenea.Errors;
using Atenea.Errors.Tests;
using Atenea.Hub;
using Atenea.Tokenizers;

namespace Atenea.Data.Tests;

/// <summary>What a check says of made-up files, kind by kind.</summary>
public class SplitCheckTests
{
    private static FileCheckReport Check(string text, string name = "data.csv", DataCheckOptions? options = null)
    {
        using var folder = new TemporaryFolder();
        return DataCheck.Run([CheckInput.FromFile(folder.Write(name, text))], options ?? new DataCheckOptions()).Files[0];
    }

    private static string Rows(int count, Func<int, string> row)
    {
        var text = new StringBuilder("text,label\n");
        for (int i = 0; i < count; i++) text.Append(row(i)).Append('\n');
        return text.ToString();
    }

    private static CheckFinding Single(FileCheckReport report, ErrorCode code) => Assert.Single(report.Findings, f => f.Code == code);

    [Theory]
    [InlineData("leak_train.csv", "train")]
    [InlineData("train-00000-of-00001.parquet", "train")]
    [InlineData("TRAIN_FILE.TXT", "train")]
    [InlineData("dev.tsv", "validation")]
    [InlineData("esp.testa", "validation")]
    [InlineData("test1000.csv", "test")]
    [InlineData("latest.csv", "data")]
    [InlineData("reviews.csv", "data")]
    public void A_split_is_told_by_its_name(string file, string split) => Assert.Equal(split, CheckInput.SplitOf(file));

    [Fact]
    public void A_class_per_chunk_is_not_one_class()
    {
        // Sorted by label, and longer than a chunk: each chunk alone has a single class.
        string sorted = Rows(2 * CheckLimits.ChunkRows, i => $"text number {i},{(i < CheckLimits.ChunkRows ? "a" : "b")}");
        FileCheckReport report = Check(sorted);
        Assert.DoesNotContain(report.Findings, f => f.Code == Catalogue.OneClassOnly);
        Assert.Equal(2 * CheckLimits.ChunkRows, report.Rows);
        Assert.Equal(CheckOutcome.Accept, report.Outcome);

        FileCheckReport one = Check(Rows(CheckLimits.ChunkRows + 10, i => $"text number {i},a"));
        Assert.Equal(CheckOutcome.Reject, one.Outcome);
        Assert.Equal(FindingSeverity.Error, Single(one, Catalogue.OneClassOnly).Severity);
    }

    [Fact]
    public void Repetitions_are_found_over_chunks()
    {
        int last = CheckLimits.ChunkRows + 1;
        FileCheckReport report = Check(Rows(last + 1, i => $"text number {(i == last ? 7 : i)},{i % 2}"));
        CheckFinding found = Single(report, Catalogue.DuplicateRows);
        Assert.Equal([last + 2L], found.Lines);
        Assert.Equal(1, found.Count);
    }

    [Fact]
    public void Texts_in_two_languages_are_told()
    {
        FileCheckReport report = Check(Rows(80, i => i % 4 == 0
            ? $"Esta es la casa de mi hermano y no me gusta nada de lo que hay en ella {i},x"
            : $"This is the house of my brother and I do not like what is in it at all {i},y"));
        CheckFinding found = Single(report, Catalogue.LanguageMix);
        Assert.Equal(20, found.Count);
        Assert.Equal(["English", "Spanish"], report.Languages.Keys);
        Assert.Equal(2, found.Lines[0]);
    }

    [Theory]
    [InlineData("The cat is on the mat and it was not there before", "English")]
    [InlineData("No sé por qué los jugadores de este equipo se van tan pronto", "Spanish")]
    [InlineData("Je ne sais pas pourquoi les joueurs de cette équipe sont dans la rue", "French")]
    [InlineData("Ich weiß nicht, warum die Spieler und der Trainer auf das Feld gehen", "German")]
    [InlineData("Non so perché i giocatori della squadra sono nel campo con gli altri", "Italian")]
    [InlineData("Не знаю, почему игроки ушли", "Cyrillic script")]
    [InlineData("这个游戏非常好玩", "Chinese")]
    [InlineData("このゲームはとても楽しいです", "Japanese")]
    [InlineData("이 게임은 정말 재미있습니다", "Korean")]
    [InlineData("ok 10/10", null)]
    [InlineData("", null)]
    public void A_language_is_told_or_left_open(string text, string? language) => Assert.Equal(language, LanguageGuess.Of(text));

    [Fact]
    public void Words_that_tell_the_label_make_a_baseline()
    {
        FileCheckReport told = Check(Rows(600, i => $"{(i % 2 == 0 ? "good" : "bad")} thing {i} of the day,{i % 2}"));
        Assert.True(told.Baseline!.Accuracy > 0.99);
        Assert.Equal(FindingSeverity.Warning, Single(told, Catalogue.LabelsGivenAway).Severity);
        Assert.Equal(600, told.Baseline.Trained + told.Baseline.Rows);

        FileCheckReport untold = Check(Rows(600, i => $"thing {i} of the day,{Sampling.Draw(i + 1, 2)}"));
        Assert.InRange(untold.Baseline!.Accuracy, 0.2, 0.8);
        Assert.DoesNotContain(untold.Findings, f => f.Code == Catalogue.LabelsGivenAway);
        Assert.Null(Check(Rows(50, i => $"thing {i},{i % 2}")).Baseline);
    }

    [Fact]
    public void Numbered_labels_and_relations_are_no_slips()
    {
        FileCheckReport report = Check(Rows(60,
            i => $"text {i},\"{(i < 4 ? "Cause-Effect(e2,e1)" : i < 8 ? "class 2" : i < 30 ? "Cause-Effect(e1,e2)" : "class 1")}\""));
        Assert.DoesNotContain(report.Findings, f => f.Code == Catalogue.LabelTypo || f.Code == Catalogue.LabelVariants);
        FileCheckReport slips =
            Check(Rows(60, i => $"text {i},{(i == 5 ? "postive" : i == 6 ? "negaitve" : i % 2 == 0 ? "positive" : "negative")}"));
        Assert.Equal([7L, 8L], slips.Findings.Where(f => f.Code == Catalogue.LabelTypo).SelectMany(f => f.Lines).Order());
    }

    [Fact]
    public void Lengths_are_counted_with_a_models_tokenizer()
    {
        Tokenizer tokenizer = Tokenizer.FromDirectory(Repository.File("assets", "models", "all-MiniLM-L6-v2"));
        var model = new CheckedModel("all-MiniLM-L6-v2", tokenizer, 16);
        string text = Rows(200, i => $"{string.Join(' ', Enumerable.Repeat("word", (i % 20) + 1))} {i},{i % 2}");
        FileCheckReport report = Check(text, options: new DataCheckOptions { Model = model });
        LengthReport lengths = report.Lengths!;
        Assert.Equal(200, lengths.Rows);
        Assert.Equal(200, lengths.Histogram.Sum(b => b.Rows));
        Assert.Equal(tokenizer.CountIds(string.Join(' ', Enumerable.Repeat("word", 20)) + " 199"), lengths.Max);
        Assert.All(lengths.Histogram.Zip(lengths.Histogram.Skip(1)), pair => Assert.Equal(pair.First.To + 1, pair.Second.From));
        Assert.Equal(lengths.Truncated, Single(report, Catalogue.TextsTruncated).Count);
        Assert.True(lengths.Truncated is > 40 and < 120);
    }

    [Fact]
    public void Texts_of_a_test_split_without_labels_are_checked()
    {
        FileCheckReport report = Check("index,sentence\n0,one text\n1,another text\n", "test.csv");
        Assert.Equal(CheckOutcome.Accept, report.Outcome);
        Assert.Equal(FindingSeverity.Information, Single(report, Catalogue.Unlabelled).Severity);
        Assert.Equal(CheckOutcome.Reject, Check("index,sentence\n0,one text\n1,another text\n", "train.csv").Outcome);
    }

    [Fact]
    public void Other_columns_are_named_in_the_remedy()
    {
        FileCheckReport report =
            Check("id,Review,My stars\n" + string.Concat(Enumerable.Range(0, 9).Select(i => $"{i},a rather long text {i},{i % 3}\n")));
        CheckFinding missing = Single(report, Catalogue.ColumnMissing);
        Assert.Contains("id, Review, My stars", missing.Message, StringComparison.Ordinal);
        Assert.Contains("--text Review --label \"My stars\"", missing.Remedy, StringComparison.Ordinal);
        var named = new DataCheckOptions { Columns = new DataColumns("Review", null, ["My stars"]) };
        Assert.Equal(CheckOutcome.Accept, Check("id,Review,My stars\n1,good,a\n2,bad,b\n3,so so,a\n", options: named).Outcome);
    }

    [Fact]
    public void Tags_without_an_entity_and_scores_without_a_difference_are_errors()
    {
        FileCheckReport tags = Check("Ana O\nsube O\n\nLuis O\nbaja O\n", "train.conll");
        Assert.Equal(FindingSeverity.Error, Single(tags, Catalogue.NoEntities).Severity);
        FileCheckReport tagged = Check("Ana B-PER\nsube O\n\nLuis B-PER\nen O\nLima B-LOC\n", "train.conll");
        Assert.Equal(new Dictionary<string, long> { ["PER"] = 2, ["LOC"] = 1 }, tagged.Labels.ToDictionary());
        FileCheckReport scores = Check("sentence1,sentence2,score\na b,c d,3\ne f,g h,3\n");
        Assert.Equal(FindingSeverity.Error, Single(scores, Catalogue.ConstantScores).Severity);
        FileCheckReport varied = Check("sentence1,sentence2,score\na b,c d,1\ne f,g h,3\n");
        Assert.Equal(new ScoreReport("score", 1, 2, 3, 1), Assert.Single(varied.Scores));
        Assert.Equal(ProblemType.Regression, varied.Problem);
    }

    [Fact]
    public void Later_splits_are_compared_with_the_training_rows()
    {
        using var folder = new TemporaryFolder();
        string train = folder.Write("train.csv", Rows(100, i => $"training text {i},{(i % 4 == 0 ? "a" : i % 4 == 1 ? "c" : "b")}"));
        string test = folder.Write("test.csv", Rows(100, i => $"{(i < 3 ? "Training  text" : "text")} {i},{(i % 4 == 0 ? "b" : "a")}"));
        DataCheckReport report = DataCheck.Run([CheckInput.FromFile(test), CheckInput.FromFile(train)], new DataCheckOptions());
        Assert.Equal(["train", "test"], report.Files.Select(f => f.Split));
        FileCheckReport later = report.Files[1];
        Assert.Equal([2L, 3, 4], Single(later, Catalogue.NearlyLeakedTexts).Lines);
        Assert.Contains("'c'", Single(later, Catalogue.UntestedLabel).Message, StringComparison.Ordinal);
        Assert.Contains("train.csv", Single(later, Catalogue.ClassSharesDiffer).Message, StringComparison.Ordinal);
        Assert.Equal(CheckOutcome.Warn, report.Outcome);
    }

    [Fact]
    public void Every_finding_has_a_kind_of_its_own()
    {
        IEnumerable<ErrorCode> own = CatalogueEntries.All.Select(entry => entry.Code)
            .Where(c => int.Parse(c.Id[3..], CultureInfo.InvariantCulture) is >= 821 and < 899);
        Assert.NotEmpty(own);
        string[] kinds = [.. own.Select(c => new CheckFinding(c, FindingSeverity.Warning, "", "", [], 1).Kind)];
        Assert.Equal(kinds.Length, kinds.Distinct().Count());
        Assert.All(kinds, k => Assert.Matches("^[a-z]+(_[a-z]+)*$", k));
    }

    [Fact]
    public void A_missing_file_is_an_error_of_its_own()
    {
        AteneaException error =
            Assert.Throws<AteneaException>(() => DataCheck.Run([CheckInput.FromFile("/nowhere/train.csv")], new DataCheckOptions()));
        Assert.Equal(Catalogue.FileMissing, error.Code);
        DataCheckReport unreadable =
            DataCheck.Run([CheckInput.FromFile(Repository.Data("bad", "excel_named.csv"))], new DataCheckOptions());
        Assert.True(unreadable.IsUnreadable);
    }
}
