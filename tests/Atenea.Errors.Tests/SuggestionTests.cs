namespace Atenea.Errors.Tests;

public class SuggestionTests
{
    private static readonly string[] Keys = ["learning_rate", "num_train_epochs", "seed", "text", "label"];

    [Theory]
    [InlineData("learnign_rate", "learning_rate")]
    [InlineData("Label", "label")]
    [InlineData("epochs", "num_train_epochs")]
    [InlineData("txt", "text")]
    public void The_nearest_name_is_found(string written, string expected) =>
        Assert.Equal($"did you mean '{expected}'?", Suggestion.DidYouMean(written, Keys));

    [Fact]
    public void Nothing_is_suggested_when_nothing_is_near() => Assert.Null(Suggestion.DidYouMean("zzzzzzzzzz", Keys));
}
