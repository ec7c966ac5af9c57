using Atenea.Errors;

namespace Atenea.Data.Tests;

public sealed class ModelSettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void What_is_saved_is_read_back()
    {
        var settings = new ModelSettings
        {
            Task = "text-classification",
            MaxLength = 60,
            Stride = 16,
            Text = "body",
            TextPair = "reply",
            Label = ["mood", "tone"],
            Config = new Dictionary<string, string> { ["data.mlm_probability"] = "0.3" },
            Threshold = 0.4,
            Temperature = 1.7,
        };
        settings.Save(_folder.Path);
        ModelSettings read = ModelSettings.Load(_folder.Path);
        Assert.Equal(settings.Label, read.Label);
        Assert.Equal(settings.Config, read.Config);
        Assert.Equal(settings, read with { Label = settings.Label, Config = settings.Config });
    }

    [Fact]
    public void A_folder_without_the_file_has_no_settings() => Assert.Same(ModelSettings.None, ModelSettings.Load(_folder.Path));

    [Theory]
    [InlineData("{", "ATN0409")]
    [InlineData("[]", "ATN0409")]
    [InlineData("""{"max_length": "long"}""", "ATN0410")]
    [InlineData("""{"max_length": 0}""", "ATN0410")]
    [InlineData("""{"threshold": 1.5}""", "ATN0410")]
    [InlineData("""{"temperature": 0}""", "ATN0410")]
    [InlineData("""{"label": "mood"}""", "ATN0410")]
    public void A_damaged_file_is_a_coded_error(string text, string code)
    {
        File.WriteAllText(Path.Combine(_folder.Path, ModelSettings.FileName), text);
        Assert.Equal(code, Assert.Throws<AteneaException>(() => ModelSettings.Load(_folder.Path)).Code.Id);
    }

    public void Dispose() => _folder.Dispose();
}
