using Atenea.Errors;

namespace Atenea.Hub.Tests;

/// <summary>Tests that change the process's environment run alone.</summary>
[CollectionDefinition(nameof(EnvironmentCollection), DisableParallelization = true)]
public sealed class EnvironmentCollection;

/// <summary>Sets variables for the length of a test.</summary>
internal sealed class Variables : IDisposable
{
    private static readonly string[] All =
    [
        "HF_ENDPOINT", "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_TOKEN_PATH", "HF_HOME", "HF_HUB_CACHE", "HF_HUB_OFFLINE",
        "TRANSFORMERS_OFFLINE", "XDG_CACHE_HOME",
        "HF_HUB_DISABLE_PROGRESS_BARS", "HF_HUB_DISABLE_SYMLINKS", "HF_HUB_DOWNLOAD_TIMEOUT", "HF_HUB_DISABLE_IMPLICIT_TOKEN",
    ];

    private readonly Dictionary<string, string?> _before = All.ToDictionary(n => n, Environment.GetEnvironmentVariable);

    public Variables(params (string Name, string Value)[] values)
    {
        foreach (string name in All) Environment.SetEnvironmentVariable(name, null);
        foreach ((string name, string value) in values) Environment.SetEnvironmentVariable(name, value);
    }

    public void Dispose()
    {
        foreach ((string name, string? value) in _before) Environment.SetEnvironmentVariable(name, value);
    }
}

[Collection(nameof(EnvironmentCollection))]
public sealed class SettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_variables_of_huggingface_hub_count()
    {
        using (new Variables())
        {
            HubSettings settings = HubSettings.FromEnvironment();
            Assert.Equal("https://huggingface.co/", settings.Endpoint.AbsoluteUri);
            Assert.False(settings.Offline);
            Assert.EndsWith(Path.Combine(".cache", "huggingface", "hub"), settings.Cache.Root, StringComparison.Ordinal);
        }

        using (new Variables(("HF_ENDPOINT", "https://mirror.example/hf/"), ("HF_TOKEN", " hf_abc\n"), ("HF_HOME", "/home/x"),
            ("HF_HUB_OFFLINE", "YES"),
            ("HF_HUB_DISABLE_PROGRESS_BARS", "1"), ("HF_HUB_DISABLE_SYMLINKS", "true"), ("HF_HUB_DOWNLOAD_TIMEOUT", "2.5")))
        {
            HubSettings settings = HubSettings.FromEnvironment();
            Assert.Equal(("hf_abc", "/home/x/hub", true, false, false),
                (settings.Token, settings.Cache.Root, settings.Offline, settings.ShowProgress, settings.Symlinks));
            Assert.Equal(TimeSpan.FromSeconds(2.5), settings.Timeout);
            Assert.DoesNotContain("hf_abc", settings.ToString()!, StringComparison.Ordinal);
        }

        using (new Variables(("HF_HUB_CACHE", "/c"), ("HF_HOME", "/home/x"))) Assert.Equal("/c", HubSettings.FromEnvironment().Cache.Root);
        using (new Variables(("XDG_CACHE_HOME", "/xdg"))) Assert.Equal("/xdg/huggingface/hub", HubSettings.FromEnvironment().Cache.Root);
    }

    [Fact]
    public void The_token_is_the_variable_or_the_file()
    {
        string home = _folder.File("home");
        _folder.Write("home/token", "hf_of_home\n");
        string other = _folder.Write("other", "hf_of_path");
        using (new Variables(("HF_HOME", home))) Assert.Equal("hf_of_home", HubSettings.FromEnvironment().Token);
        using (new Variables(("HF_HOME", home), ("HF_TOKEN_PATH", other))) Assert.Equal("hf_of_path", HubSettings.FromEnvironment().Token);
        using (new Variables(("HF_HOME", home), ("HF_TOKEN", "hf_of_variable")))
            Assert.Equal("hf_of_variable", HubSettings.FromEnvironment().Token);
        using (new Variables(("HF_HOME", home), ("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1")))
            Assert.False(HubSettings.FromEnvironment().HasToken);
        using (new Variables(("HF_HOME", _folder.File("none")))) Assert.False(HubSettings.FromEnvironment().HasToken);
    }

    [Theory]
    [InlineData("huggingface.co")]
    [InlineData("ftp://huggingface.co")]
    [InlineData("https://user:password@huggingface.co")]
    public void An_endpoint_that_is_no_address_is_refused(string endpoint)
    {
        using var variables = new Variables(("HF_ENDPOINT", endpoint));
        Assert.Equal("ATN0468", Assert.Throws<AteneaException>(() => HubSettings.FromEnvironment()).Code.Id);
    }
}
