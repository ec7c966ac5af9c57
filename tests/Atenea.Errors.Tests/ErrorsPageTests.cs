using System.Text;

namespace Atenea.Errors.Tests;

/// <summary>
/// The pages that list every code are what the catalogue says. They are written anew with ATENEA_WRITE_PAGES=1 in the environment.
/// </summary>
public class ErrorsPageTests
{
    private static readonly Page[] Pages =
    [
        new("docs/errors.md", "Errors",
            """
            Every error of Atenea has a code that keeps its meaning. It is printed with what was found, where, and what to try, on
            standard error; the program ends with exit code 2 for wrong usage or bad input, and with 3 where the run itself failed
            (marked below). The findings of [data check](data-check.md) carry codes of the same list.
            """,
            ["Usage and configuration", "Data", "Tokenizers", "Files and hub", "Models", "Engine", "Training", "Tools and `data check`"],
            "| code | what is wrong | what to do |"),
        new("docs/es/errors.md", "Errores",
            """
            Cada error de Atenea tiene un código que conserva su significado. Se imprime con lo que se encontró, dónde, y qué probar,
            por la salida de errores; el programa termina con el código 2 si el uso o la entrada son incorrectos, y con 3 si falló la
            propia ejecución (señalado abajo). Los hallazgos de [data check](data-check.md) llevan códigos de la misma lista. Los textos
            están en inglés, como los imprime el programa.
            """,
            [
                "Uso y configuración", "Datos", "Tokenizadores", "Archivos y hub", "Modelos", "Motor", "Entrenamiento",
                "Herramientas y `data check`",
            ],
            "| código | qué pasa | qué hacer |"),
    ];

    public static TheoryData<string> Names => [.. Pages.Select(page => page.File)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_page_lists_the_whole_catalogue(string file)
    {
        string path = Repository.File(file.Split('/')), text = Text(Pages.Single(page => page.File == file));
        if (Environment.GetEnvironmentVariable("ATENEA_WRITE_PAGES") == "1") File.WriteAllText(path, text);
        Assert.Equal(text, File.ReadAllText(path));
    }

    private static string Text(Page page)
    {
        var text = new StringBuilder($"# {page.Title}\n\n{page.Opening}\n");
        foreach (IGrouping<int, ErrorCode> block in CatalogueEntries.All.Select(entry => entry.Code).GroupBy(code => code.Id[4] - '0'))
        {
            text.Append($"\n## {page.Blocks[block.Key - 1]}\n\n{page.Header}\n| --- | --- | --- |\n");
            foreach (ErrorCode code in block)
            {
                string mark = code.ExitCode == ErrorCode.RunFailed ? " (3)" : "";
                text.Append($"| {code.Id}{mark} | {Cell(code.Title)} | {Cell(code.Remedy)} |\n");
            }
        }

        return text.ToString();
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    /// <summary>What a page says besides the catalogue's own words.</summary>
    private sealed record Page(string File, string Title, string Opening, string[] Blocks, string Header);
}
