using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Delivery.Server.Storage.Migrations;

/// <summary>Room for rows set aside, and for which extract was made of which generation.</summary>
[DbContext(typeof(DeliveryDb))]
[Migration("0005_quarantine")]
internal sealed class Quarantine : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => MigrationScript.Run(migrationBuilder, "0005_quarantine");
}
