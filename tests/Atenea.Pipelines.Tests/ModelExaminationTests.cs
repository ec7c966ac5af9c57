using System.Text.Json;
using Atenea.Errors;

namespace Atenea.Pipelines.Tests;

public class ModelExaminationTests
{
    [Fact]
    public void A_folder_is_told_without_loading_it()
    {
        using var reference = new ReferenceModel("text-classification");
        File.WriteAllText(Path.Combine(reference.Folder, "README.md"), "---\nlicense:\n- mit\n- other\n---\n# A model\n");
        ModelReport report = ModelExamination.Examine(reference.Folder, revision: null);
        Assert.Equal(("folder", "bert", true), (report.Origin, report.Family, report.FamilyIsKnown));
        Assert.Equal(["BertForSequenceClassification"], report.Architectures);
        Assert.Equal("mit, other", report.License);
        Assert.Equal("WordPiece", report.Tokenizer);
        Assert.Equal(64, report.MaxLength);
        Assert.Empty(report.Problems);
        Assert.Equal(["embeddings", "layers", "pooler", "classifier"], report.Parts.Select(part => part.Name));
        Assert.Equal(report.Parameters, report.Parts.Sum(part => part.Parameters));
        Assert.Equal(report.Parameters, Enum.GetValues<ReportedPart>().Sum(part => report.PartOf(part)));
        Assert.Contains("model.safetensors", report.Files.Select(file => file.Name));
    }

    [Fact]
    public void What_is_not_known_is_left_out_of_its_JSON_and_problems_stop_nothing()
    {
        using var reference = new ReferenceModel("text-classification");
        File.WriteAllText(Path.Combine(reference.Folder, "tokenizer.json"), "{");
        File.WriteAllText(Path.Combine(reference.Folder, "README.md"), "---\nlicense: [\n---\n");
        ModelReport report = ModelExamination.Examine(reference.Folder, revision: null);
        Assert.Contains("ATN0301", Assert.Single(report.Problems), StringComparison.Ordinal);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream)) report.WriteTo(json);
        JsonElement read = JsonDocument.Parse(stream.ToArray()).RootElement;
        Assert.Equal(report.Parameters, read.GetProperty("parameters").GetInt64());
        Assert.Equal(report.TrainingBytes, read.GetProperty("training_bytes").GetInt64());
        foreach (string absent in new[] { "license", "hub", "tokenizer_facts", "commit" }) Assert.False(read.TryGetProperty(absent, out _));
    }

    [Fact]
    public void A_model_that_is_nowhere_is_refused() =>
        Assert.Equal("ATN0411", Assert.Throws<AteneaException>(() => ModelExamination.Examine("no-such-model", null)).Code.Id);
}
