namespace Atenea.Tokenizers.Tests;

/// <summary>Every field of the reference library's output, on the samples that are kept with the tests.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string> Samples
    {
        get
        {
            var names = new TheoryData<string>();
            IEnumerable<string> directories = Directory.GetDirectories(DataFolder).Where(d => File.Exists(Path.Combine(d, "cases.jsonl")));
            foreach (string directory in directories.Order(StringComparer.Ordinal))
            {
                names.Add(Path.GetFileName(directory));
            }

            return names;
        }
    }

    internal static string DataFolder => Path.Combine(AppContext.BaseDirectory, "Data");

    [Theory]
    [MemberData(nameof(Samples))]
    public void Equals_the_reference_in_every_field(string name)
    {
        string directory = Path.Combine(DataFolder, name);
        Tokenizer tokenizer = Tokenizer.FromDirectory(directory);
        foreach (string file in new[] { "cases.jsonl", "batch_cases.jsonl" }.Select(f => Path.Combine(directory, f)).Where(File.Exists))
        {
            (int cases, List<string> differences) = GoldenComparison.Run(tokenizer, file);
            Assert.True(cases > 0);
            Assert.Empty(differences);
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_saved_tokenizer_gives_the_same_lines(string name)
    {
        string directory = Path.Combine(DataFolder, name);
        string saved = Directory.CreateTempSubdirectory("atenea-tok-").FullName;
        try
        {
            Tokenizer.FromDirectory(directory).Save(saved);
            (_, List<string> differences) = GoldenComparison.Run(Tokenizer.FromDirectory(saved), Path.Combine(directory, "cases.jsonl"));
            Assert.Empty(differences);
        }
        finally
        {
            Directory.Delete(saved, recursive: true);
        }
    }
}
