using System.Text.Json;
using System.Text.Json.Nodes;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tokenizers;

namespace Atenea.Pipelines;

/// <summary>Looks at a model's tokenizer: its kind, its size, how well it fits English and Spanish.</summary>
internal static class TokenizerExamination
{
    // Everyday prose of one meaning in both languages, written for this, with what texts have: numbers, names, accents, punctuation.
    private const string English =
        """
        Yesterday afternoon my neighbour told me that the old bakery on the corner will close in March. Nobody expected it: people used
        to wait for twenty minutes in the rain to buy its bread. "We are tired," the owner said, "and our children live abroad." I was
        surprised how quickly the news travelled through the whole district. What would you have done? Perhaps somebody will rent the
        shop and keep the recipes, although the weather, the prices and a supermarket nearby do not make things easier.
        """;

    private const string Spanish =
        """
        Ayer por la tarde mi vecina me contó que la antigua panadería de la esquina cerrará en marzo. Nadie lo esperaba: la gente
        aguardaba veinte minutos bajo la lluvia para comprar su pan. «Estamos cansados», dijo el dueño, «y nuestros hijos viven en el
        extranjero». Me sorprendió lo rápido que la noticia recorrió todo el barrio. ¿Qué habrías hecho tú? Quizá alguien alquile el
        local y conserve las recetas, aunque el tiempo, los precios y un supermercado cercano no facilitan las cosas.
        """;

    private static readonly string[] SentencePieceFiles = ["spm.model", "spiece.model", "sentencepiece.bpe.model", "tokenizer.model"];
    private static readonly EncodeOptions Bare = new() { AddSpecialTokens = false };

    /// <summary>Loads a folder's tokenizer and looks at it.</summary>
    /// <exception cref="AteneaException">It is damaged or of an unknown kind (ATN03xx, ATN04xx).</exception>
    public static TokenizerFacts Examine(string folder)
    {
        Tokenizer tokenizer = Tokenizer.FromDirectory(folder);
        double english = TokensPerWord(tokenizer, English), spanish = TokensPerWord(tokenizer, Spanish);
        return new TokenizerFacts(tokenizer.VocabularySize, tokenizer.ModelMaxLength, english, spanish);
    }

    /// <summary>The kind that tokenizer.json names, else the one that the older files are for; null where there is none.</summary>
    public static string? KindOf(string folder)
    {
        bool Has(string file) => File.Exists(Path.Combine(folder, file));
        if (Has("tokenizer.json")) return KindIn(Path.Combine(folder, "tokenizer.json"));
        if (Has("vocab.json") && Has("merges.txt")) return "BPE";
        if (Has("bpe.codes")) return "BPE (subword-nmt)";
        if (SentencePieceFiles.Any(Has)) return "SentencePiece";
        return Has("vocab.txt") ? "WordPiece" : null;
    }

    private static string KindIn(string file)
    {
        const string Unknown = "tokenizer.json";
        try
        {
            return JsonNode.Parse(FileErrors.ReadText(file))?["model"]?["type"]?.ToString() ?? Unknown;
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException)
        {
            return Unknown; // Whoever loads it will say what is wrong with it.
        }
    }

    private static double TokensPerWord(Tokenizer tokenizer, string text)
    {
        int words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        return Math.Round((double)tokenizer.Encode(text, options: Bare).Count / words, 3);
    }
}
